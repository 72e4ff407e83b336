import type { ServerResponse } from 'node:http';

/** Answers that a stream of events follows, unless that has been said or nobody is there to hear it. */
export function beginStream(res: ServerResponse): void {
  if (res.headersSent || res.destroyed) return;
  res.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-cache',
    'x-accel-buffering': 'no',
  });
  res.flushHeaders();
}
