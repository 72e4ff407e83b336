import type { ServerResponse } from 'node:http';

/** Gives the client an answer that is JSON and whole. */
export function sendAnswer(
  res: ServerResponse,
  body: Buffer,
  headers: Readonly<Record<string, string>> = {},
): void {
  if (res.destroyed) return;
  res.writeHead(200, {
    'content-type': 'application/json',
    'content-length': String(body.length),
    ...headers,
  });
  res.end(body);
}
