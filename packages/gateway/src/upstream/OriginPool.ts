import { Client, type Dispatcher } from 'undici';

/** A connection of a pool. */
export class Connection {
  readonly #client: Client;
  readonly #pool: { free(): void; drop(): void };
  #isTaken = true;

  constructor(client: Client, pool: { free(): void; drop(): void }) {
    this.#client = client;
    this.#pool = pool;
    // While it is taken, whoever took it is told in another way.
    client.on('disconnect', () => {
      if (!this.#isTaken) pool.drop();
    });
  }

  dispatch(
    request: Dispatcher.DispatchOptions,
    handler: Dispatcher.DispatchHandler,
  ): void {
    this.#isTaken = true;
    this.#client.dispatch(request, handler);
  }

  /** Its request is over, and another may be sent. */
  free(): void {
    if (!this.#isTaken) return;
    this.#isTaken = false;
    this.#pool.free();
  }

  /** Its request came to no good end. */
  drop(): void {
    this.#pool.drop();
  }

  async close(): Promise<void> {
    await this.#client.close();
  }

  async destroy(): Promise<void> {
    await this.#client.destroy();
  }
}

/**
 * Connections to one origin, kept alive: as many as there are requests, with one request at a time on each, as a stream has its connection
 * for as long as it lasts.
 *
 * The one that came free last is taken first. It is found at once, however many are busy, and those that are too many stay idle until they
 * are closed. One on which a request did not end well is not used again.
 */
export class OriginPool {
  readonly #connect: () => Client;
  readonly #all = new Set<Connection>();
  /** The last is the one to take. */
  readonly #free: Connection[] = [];

  /** @param connect - makes what connects to the origin once there is something to send, and again where that was closed */
  constructor(connect: () => Client) {
    this.#connect = connect;
  }

  /** Connections that are there, or about to be. */
  get size(): number {
    return this.#all.size;
  }

  /** A connection for one request; whoever takes it says when that is over. */
  take(): Connection {
    return this.#free.pop() ?? this.#add();
  }

  /** Lets go of the connections; what is under way on them finishes. */
  async close(): Promise<void> {
    await this.#letGo(connection => connection.close());
  }

  /** Ends all connections, and with them what is under way. */
  async destroy(): Promise<void> {
    await this.#letGo(connection => connection.destroy());
  }

  #add(): Connection {
    const connection = new Connection(this.#connect(), {
      free: () => {
        if (this.#all.has(connection)) this.#free.push(connection);
      },
      drop: () => this.#drop(connection),
    });
    this.#all.add(connection);
    return connection;
  }

  #drop(connection: Connection): void {
    if (!this.#all.delete(connection)) return;
    const at = this.#free.lastIndexOf(connection);
    if (at >= 0) this.#free.splice(at, 1);
    // One that has ended says so once more.
    connection.close().catch(() => undefined);
  }

  async #letGo(end: (connection: Connection) => Promise<void>): Promise<void> {
    const all = [...this.#all];
    this.#all.clear();
    this.#free.length = 0;
    await Promise.all(all.map(end));
  }
}
