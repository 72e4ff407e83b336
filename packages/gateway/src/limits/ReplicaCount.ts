import type { Knex } from 'knex';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

const EVERY_MS = 5_000;
const TIMEOUT_MS = 3_000;
/** A gateway that has not been heard of for so long is taken for gone. */
const FRESH_SECONDS = 15;

export interface ReplicaCountOptions {
  readonly knex: Knex;
  /** Where the last count is kept, for a start while the database is away. */
  readonly path: string;
  /** How many there are for certain: the processes of this gateway. */
  readonly atLeast: number;
  /** Told of every look. */
  readonly onCount: (count: number) => void;
}

/**
 * How many gateways there are, by their reports: what a share is one part of while they cannot count together. While the database is
 * away, as many as there were; a gateway that is started then goes by the last count on its disk, lest it take the whole for its share.
 */
export class ReplicaCount {
  readonly #options: ReplicaCountOptions;
  readonly #timer: NodeJS.Timeout;
  #kept: number | null;
  #count: number;

  static async start(options: ReplicaCountOptions): Promise<ReplicaCount> {
    return new ReplicaCount(options, await readKept(options.path));
  }

  private constructor(options: ReplicaCountOptions, kept: number | null) {
    this.#options = options;
    this.#kept = kept;
    this.#count = Math.max(options.atLeast, kept ?? 1);
    this.#timer = setInterval(() => void this.#look(), EVERY_MS);
    this.#timer.unref();
    void this.#look();
  }

  /** At least those that are certain. */
  get count(): number {
    return this.#count;
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  async #look(): Promise<void> {
    const { knex, atLeast, onCount } = this.#options;
    try {
      const row = await knex('gateway_replicas')
        .whereRaw(`last_seen_at > now() - make_interval(secs => ?)`, [
          FRESH_SECONDS,
        ])
        .count({ count: '*' })
        .first()
        .timeout(TIMEOUT_MS);
      this.#count = Math.max(atLeast, Number(row?.count ?? 1));
      onCount(this.#count);
      await this.#keep();
    } catch {
      // What is wrong with the database, or the disk, is said by those who need it.
    }
  }

  async #keep(): Promise<void> {
    const count = this.#count;
    if (count === this.#kept) return;
    const { path } = this.#options;
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await writeFile(`${path}.new`, `${count}\n`, { mode: 0o600 });
    await rename(`${path}.new`, path);
    this.#kept = count;
  }
}

/** `null`: there is none, or none that makes sense. */
async function readKept(path: string): Promise<number | null> {
  try {
    const count = Number(await readFile(path, 'utf8'));
    return Number.isSafeInteger(count) && count >= 1 ? count : null;
  } catch {
    return null;
  }
}
