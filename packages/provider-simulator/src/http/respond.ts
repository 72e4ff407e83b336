import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';

/** Sends a complete JSON response. */
export function sendJson(
  res: ServerResponse,
  status: number,
  json: string,
  headers: OutgoingHttpHeaders = {},
): void {
  res.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(json),
    ...headers,
  });
  res.end(json);
}
