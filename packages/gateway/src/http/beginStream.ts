import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/**
 * Answers that a stream of events follows, unless that has been said or nobody is there to hear it. It is said at once, in one piece with
 * what is written in the same turn.
 */
export function beginStream(res: ServerResponse): void {
  if (res.headersSent || res.destroyed) return;
  const { socket } = res;
  socket?.cork();
  res.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-cache',
    'x-accel-buffering': 'no',
  });
  res.flushHeaders();
  if (socket) process.nextTick(uncork, socket);
}

function uncork(socket: Socket): void {
  socket.uncork();
}
