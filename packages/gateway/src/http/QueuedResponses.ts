import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/**
 * Tells responses that their connection is gone while they wait behind others on it, as they do when a client sends requests without
 * waiting for answers. Node tells the one whose turn it is, and forgets the rest: they would count as under way for ever.
 */
export class QueuedResponses {
  readonly #bySocket = new WeakMap<Socket, Set<ServerResponse>>();

  /** Looks after a response whose turn has not come; nothing is done for others. */
  follow(req: IncomingMessage, res: ServerResponse): void {
    // Its own from when its turn comes.
    if (res.socket) return;
    const { socket } = req;
    const queued = this.#bySocket.get(socket) ?? this.#begin(socket);
    queued.add(res);
    res.once('close', () => queued.delete(res));
  }

  #begin(socket: Socket): Set<ServerResponse> {
    const queued = new Set<ServerResponse>();
    this.#bySocket.set(socket, queued);
    socket.once('close', () => {
      for (const res of queued) {
        // The one whose turn it is hears of it from Node.
        if (res.socket || res.writableFinished) continue;
        res.destroy();
        // Some versions of Node tell of it then, and others do not.
        setImmediate(() => {
          if (queued.has(res)) res.emit('close');
        });
      }
    });
    return queued;
  }
}
