import type { ServerResponse } from 'node:http';
import { openAiErrorBody, type Refusal } from '../errors/registry';

/** Headers of a refusal, for OpenAI's SDKs: whether to try again, and when. */
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

/** Answers with a refusal, in OpenAI's shape. */
export function sendRefusal(
  res: ServerResponse,
  refusal: Refusal,
  requestId: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  if (res.headersSent || res.destroyed) return;
  const body = openAiErrorBody(refusal, requestId);
  res.writeHead(refusal.status, {
    ...refusalHeaders(refusal),
    'content-length': String(Buffer.byteLength(body)),
    ...headers,
  });
  res.end(body);
}
