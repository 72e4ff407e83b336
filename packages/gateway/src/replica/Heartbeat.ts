import type { Log } from '../telemetry/log';
import type { Replica, ReplicaStore } from './ReplicaStore';

const INTERVAL_MS = 5_000;

/**
 * Reports this gateway every five seconds, and at once when it applies another configuration.
 *
 * A report that fails is not made up for: the next one says the same, and newer.
 */
export class Heartbeat {
  readonly #store: ReplicaStore;
  readonly #describe: () => Replica;
  readonly #log: Log;
  readonly #timer: NodeJS.Timeout;
  #reporting: Promise<void> | undefined;
  #again = false;

  static start(options: {
    store: ReplicaStore;
    describe: () => Replica;
    log: Log;
  }): Heartbeat {
    return new Heartbeat(options);
  }

  private constructor(options: {
    store: ReplicaStore;
    describe: () => Replica;
    log: Log;
  }) {
    this.#store = options.store;
    this.#describe = options.describe;
    this.#log = options.log;
    this.#timer = setInterval(() => void this.beat(), INTERVAL_MS);
    this.#timer.unref();
  }

  /** Reports now. Never rejects. */
  beat(): Promise<void> {
    if (this.#reporting) {
      this.#again = true;
      return this.#reporting;
    }
    this.#reporting = this.#report().finally(() => {
      this.#reporting = undefined;
      if (this.#again) void this.beat();
    });
    return this.#reporting;
  }

  /** Ends in good order: nobody is to wait for this gateway any more. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    while (this.#reporting) await this.#reporting;
    await this.#store.remove(this.#describe().id).catch(error => {
      this.#log.debug({ err: error }, 'This gateway could not be signed off');
    });
  }

  async #report(): Promise<void> {
    this.#again = false;
    try {
      await this.#store.report(this.#describe());
    } catch (error) {
      this.#log.debug({ err: error }, 'This gateway could not be reported');
    }
  }
}
