import type { IncomingMessage } from 'node:http';
import type { Simulator } from '../dialect';
import type { ErrorReply } from '../generation/operation';
import { isBearer, isSecret } from '../http/bearer';
import { errorReply } from './errors';
import { isVersion } from './version';

/** Why the request may not go on: its key or the version it names; undefined if it may. */
export function admit(
  req: IncomingMessage,
  { apiKey }: Simulator,
  id: string,
): ErrorReply | undefined {
  const key = req.headers['x-api-key'];
  const { authorization } = req.headers;
  if (apiKey !== undefined) {
    if (typeof key === 'string') {
      if (!isSecret(key, apiKey))
        return errorReply(401, 'invalid x-api-key', id);
    } else if (authorization === undefined) {
      return errorReply(401, 'x-api-key header is required', id);
    } else if (!isBearer(authorization, apiKey)) {
      return errorReply(401, 'Invalid bearer token', id);
    }
  }
  const version = req.headers['anthropic-version'];
  if (version === undefined)
    return errorReply(400, 'anthropic-version: header is required', id);
  return isVersion(version)
    ? undefined
    : errorReply(
        400,
        `anthropic-version: "${String(version)}" is not a valid version`,
        id,
      );
}
