import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Simulator } from '../dialect';
import { isBearer } from '../http/bearer';
import { sendJson } from '../http/respond';
import { errorBody, unauthorized } from './errors';

/** Whether the request may go on; if not, it has been answered with 401. */
export function authorize(
  req: IncomingMessage,
  res: ServerResponse,
  { apiKey }: Simulator,
): boolean {
  const header = req.headers.authorization;
  if (apiKey === undefined || isBearer(header, apiKey)) return true;
  sendJson(res, 401, errorBody(unauthorized(header !== undefined)));
  return false;
}
