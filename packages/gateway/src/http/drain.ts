import type { Server } from 'node:http';

const IDLE_CHECK_MS = 50;

/**
 * Stops accepting and waits for the requests under way; those that are not over in time are broken off.
 *
 * Connections that are kept alive are closed as they become idle.
 */
export async function drain(server: Server, withinMs: number): Promise<void> {
  const closed = new Promise<void>(resolve => server.close(() => resolve()));
  const idle = setInterval(() => server.closeIdleConnections(), IDLE_CHECK_MS);
  const late = setTimeout(() => server.closeAllConnections(), withinMs);
  await closed;
  clearInterval(idle);
  clearTimeout(late);
}
