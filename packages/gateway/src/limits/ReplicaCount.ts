import type { Knex } from 'knex';

const EVERY_MS = 5_000;
const TIMEOUT_MS = 3_000;
/** A gateway that has not been heard of for so long is taken for gone. */
const FRESH_SECONDS = 15;

/**
 * How many gateways there are, by their reports: what a share is one part of while they cannot count together. While the database is
 * away, as many as there were.
 */
export class ReplicaCount {
  readonly #knex: Knex;
  readonly #timer: NodeJS.Timeout;
  readonly #onCount: (count: number) => void;
  #count = 1;

  static start(options: {
    readonly knex: Knex;
    /** Told of every look. */
    readonly onCount: (count: number) => void;
  }): ReplicaCount {
    return new ReplicaCount(options.knex, options.onCount);
  }

  private constructor(knex: Knex, onCount: (count: number) => void) {
    this.#knex = knex;
    this.#onCount = onCount;
    this.#timer = setInterval(() => void this.#look(), EVERY_MS);
    this.#timer.unref();
    void this.#look();
  }

  /** At least this one. */
  get count(): number {
    return this.#count;
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  async #look(): Promise<void> {
    try {
      const row = await this.#knex('gateway_replicas')
        .whereRaw(`last_seen_at > now() - make_interval(secs => ?)`, [
          FRESH_SECONDS,
        ])
        .count({ count: '*' })
        .first()
        .timeout(TIMEOUT_MS);
      this.#count = Math.max(1, Number(row?.count ?? 1));
      this.#onCount(this.#count);
    } catch {
      // What is wrong with the database is said by those who need it.
    }
  }
}
