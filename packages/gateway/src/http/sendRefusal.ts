import { errorBody } from '../errors/shapes';
import type { Refusal } from '../errors/registry';
import { writeHead, type FlatHeaders } from './answerHead';
import type { Exchange } from './exchange';

const NONE: FlatHeaders = [];

/**
 * Headers of a refusal, for the SDKs: whether to try again, and when.
 *
 * @param body - what is sent with it
 */
export function refusalHeaders(refusal: Refusal, body: string): string[] {
  const headers = [
    'content-type',
    'application/json; charset=utf-8',
    'x-should-retry',
    String(refusal.retryable),
    'content-length',
    String(Buffer.byteLength(body)),
  ];
  if (refusal.retryAfterSeconds !== null) {
    headers.push('retry-after', String(refusal.retryAfterSeconds));
  }
  if (refusal.status === 401) headers.push('www-authenticate', 'Bearer');
  return headers;
}

/** Answers with a refusal, in the client's words. */
export function sendRefusal(
  exchange: Exchange,
  refusal: Refusal,
  headers: FlatHeaders = NONE,
): void {
  const { res, facts, errors, requestId } = exchange;
  facts.errorCode = refusal.code;
  if (res.headersSent || res.destroyed) return;
  const body = errorBody(errors, refusal, requestId);
  writeHead(exchange, refusal.status, [
    ...refusalHeaders(refusal, body),
    ...headers,
  ]);
  res.end(body);
}
