import type { Server } from 'node:http';
import { Server as NetServer, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

const IDLE_CHECK_MS = 50;
/** In which clients that keep their connections will mostly have asked once more. */
const HAND_OVER_MS = 1_000;

/** Keeps track of a server's connections, from now on, for {@link drain}. */
export function trackConnections(server: Server): ReadonlySet<Socket> {
  const connections = new Set<Socket>();
  server.on('connection', socket => {
    connections.add(socket);
    socket.once('close', () => connections.delete(socket));
  });
  return connections;
}

/**
 * Leaves what comes from now on to others that listen at the same address. Connections that there are stay for a moment, so that their
 * clients can be told by an answer that they end, rather than by a connection that breaks under a request.
 */
export async function handOver(server: Server): Promise<void> {
  // Of the socket alone: the server's own would close idle connections at once.
  NetServer.prototype.close.call(server);
  await delay(HAND_OVER_MS);
}

/**
 * Stops accepting and waits for the requests under way; those that are not over in time are broken off.
 *
 * Connections that are kept alive are closed as they become idle; so are those that were opened ahead and on which nothing was ever
 * sent, which the server does not take for idle.
 */
export async function drain(
  server: Server,
  connections: ReadonlySet<Socket>,
  withinMs: number,
): Promise<void> {
  const closed = new Promise<void>(resolve => server.close(() => resolve()));
  const idle = setInterval(() => {
    server.closeIdleConnections();
    for (const socket of connections) {
      if (socket.bytesRead === 0) socket.destroy();
    }
  }, IDLE_CHECK_MS);
  const late = setTimeout(() => server.closeAllConnections(), withinMs);
  await closed;
  clearInterval(idle);
  clearTimeout(late);
}
