import type { IncomingMessage, ServerResponse } from 'node:http';

const LINGER_MS = 2_000;

/**
 * Ends a connection whose client may still be sending.
 *
 * Closing at once would reset the connection, and the client would never read why it was refused. So what it still sends is thrown away
 * for a moment, and the connection is closed when it stops, or when the moment is over.
 *
 * Call it when the answer is written, `connection: close` among its headers.
 */
export function lingeringClose(
  req: IncomingMessage,
  res: ServerResponse,
): void {
  const timer = setTimeout(() => req.socket.destroySoon(), LINGER_MS);
  req.once('end', () => req.socket.destroySoon());
  req.once('close', () => clearTimeout(timer));
  res.once('error', () => undefined);
  req.resume();
}
