import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Simulator } from '../dialect';
import type { ErrorReply } from '../generation/operation';
import { isBearer } from '../http/bearer';
import { sendJson } from '../http/respond';
import { unauthorized } from './errors';
import { replyOf } from './tell';

/** Why the request may not go on: its key; undefined if it may. */
export function admit(
  req: IncomingMessage,
  { apiKey }: Simulator,
): ErrorReply | undefined {
  const header = req.headers.authorization;
  return apiKey === undefined || isBearer(header, apiKey)
    ? undefined
    : replyOf(unauthorized(header !== undefined));
}

/** Whether the request may go on; if not, it has been answered with 401. */
export function authorize(
  req: IncomingMessage,
  res: ServerResponse,
  simulator: Simulator,
): boolean {
  const barred = admit(req, simulator);
  if (barred) sendJson(res, barred.status, barred.body);
  return !barred;
}
