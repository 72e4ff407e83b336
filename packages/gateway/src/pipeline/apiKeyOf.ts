import type { IncomingHttpHeaders } from 'node:http';
import type { ErrorShape } from '../errors/shapes';

const BEARER = /^Bearer +(.+)$/i;

/**
 * The API key of a request: OpenAI's clients send it as a bearer token, Anthropic's as `x-api-key`, and each may be told to do it the other
 * way. Of a request that has both, the one counts that is usual in its dialect.
 *
 * @returns `null` when none was sent; `undefined` when what was sent is not the form of one
 */
export function apiKeyOf(
  headers: IncomingHttpHeaders,
  dialect: ErrorShape,
): string | null | undefined {
  const own = headers['x-api-key'];
  const named =
    typeof own === 'string' && own.trim() !== '' ? own.trim() : null;
  const authorization = headers.authorization?.trim();
  const bearer = authorization ? BEARER.exec(authorization)?.[1] : null;
  if (named !== null && (dialect === 'anthropic' || bearer === null)) {
    return named;
  }
  return bearer;
}
