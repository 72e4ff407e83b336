import type { Socket } from 'node:net';
import { writeHead } from './answerHead';
import type { Exchange } from './exchange';

const EVENTS = [
  'content-type',
  'text/event-stream; charset=utf-8',
  'cache-control',
  'no-cache',
  'x-accel-buffering',
  'no',
];

/**
 * Answers that a stream of events follows, unless that has been said or nobody is there to hear it. It is said at once, in one piece with
 * what is written in the same turn.
 */
export function beginStream(exchange: Pick<Exchange, 'res' | 'headers'>): void {
  const { res } = exchange;
  if (res.headersSent || res.destroyed) return;
  const { socket } = res;
  writeHead(exchange, 200, EVENTS);
  socket?.cork();
  res.flushHeaders();
  if (socket) process.nextTick(uncork, socket);
}

function uncork(socket: Socket): void {
  socket.uncork();
}
