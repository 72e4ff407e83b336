import type { ServerResponse } from 'node:http';

const SLICE_BYTES = 4 * 1024 * 1024;

/**
 * Sees to it that an answer whose last byte has been given leaves memory: a client that takes too long to read it loses its connection.
 *
 * @param stallTimeoutMs - what a client may take, and once more for each 4 MB that it has yet to read
 */
export function boundEnd(res: ServerResponse, stallTimeoutMs: number): void {
  if (res.writableFinished || res.closed) return;
  const waiting = res.writableLength + (res.socket?.writableLength ?? 0);
  // The system has all of it: it leaves by itself.
  if (res.writableEnded && waiting === 0) return;
  const timer = setTimeout(
    () => res.destroy(),
    stallTimeoutMs * (1 + Math.ceil(waiting / SLICE_BYTES)),
  );
  res.once('finish', () => clearTimeout(timer));
  res.once('close', () => clearTimeout(timer));
}
