import { errorBody } from '../errors/shapes';
import type { Refusal } from '../errors/registry';
import type { Exchange } from './exchange';

/** Headers of a refusal, for the SDKs: whether to try again, and when. */
export function refusalHeaders(
  refusal: Refusal,
): Readonly<Record<string, string>> {
  return {
    'content-type': 'application/json; charset=utf-8',
    'x-should-retry': String(refusal.retryable),
    ...(refusal.retryAfterSeconds !== null && {
      'retry-after': String(refusal.retryAfterSeconds),
    }),
    ...(refusal.status === 401 && { 'www-authenticate': 'Bearer' }),
  };
}

/** Answers with a refusal, in the client's words. */
export function sendRefusal(
  exchange: Exchange,
  refusal: Refusal,
  headers: Readonly<Record<string, string>> = {},
): void {
  const { res, facts, errors, requestId } = exchange;
  facts.errorCode = refusal.code;
  if (res.headersSent || res.destroyed) return;
  const body = errorBody(errors, refusal, requestId);
  res.writeHead(refusal.status, {
    ...refusalHeaders(refusal),
    'content-length': String(Buffer.byteLength(body)),
    ...headers,
  });
  res.end(body);
}
