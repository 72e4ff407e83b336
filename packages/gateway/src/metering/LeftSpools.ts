import type { LedgerStore } from '@ai-gateway/backstage-plugin-ai-gateway-node';
import { readdir, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { Log } from '../telemetry/log';
import type { DeadLetters } from './DeadLetters';
import { Meter } from './Meter';
import { unmatchedIntents } from './recover';
import { Shipper } from './Shipper';
import { listSegments, segmentPath } from './spool/segments';
import { Spool } from './spool/Spool';
import { SpoolLocked } from './spool/SpoolLock';

export interface LeftSpoolsOptions {
  /** Where the spools of all workers are, and that of a gateway without workers. */
  readonly root: string;
  /** Names of the directories below it that have someone who serves; none when the root itself has. */
  readonly inUse: ReadonlySet<string>;
  readonly ledger: LedgerStore;
  readonly deadLetters: DeadLetters;
  readonly newId: () => string;
  readonly log: Log;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

const WORKER_SPOOL = /^worker-\d+$/;
const SEGMENT_BYTES = 16 * 1024 * 1024;
const RETRY_MS = 5_000;
const FLUSH_MS = 2_000;

/**
 * Brings to the ledger what is left in spools that nobody serves from any more, as the number of workers has changed. Once a spool is in
 * the ledger, its segments are deleted.
 */
export class LeftSpools {
  readonly #options: LeftSpoolsOptions;
  readonly #working: Promise<void>;
  #shipper: Shipper | undefined;
  #wake: () => void = () => undefined;
  #stopped = false;

  static start(options: LeftSpoolsOptions): LeftSpools {
    return new LeftSpools(options);
  }

  private constructor(options: LeftSpoolsOptions) {
    this.#options = options;
    this.#working = this.#work().catch(error => {
      options.log.error({ err: error }, 'A spool that was left cannot be read');
    });
  }

  /** What has not been brought over stays for the next start. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#shipper?.stop(FLUSH_MS);
    this.#wake();
    await this.#working;
  }

  async #work(): Promise<void> {
    for (const directory of await this.#directories()) {
      if (this.#stopped) return;
      try {
        await this.#bringOver(directory);
      } catch (error) {
        // Another gateway has it, and will see to it.
        if (!(error instanceof SpoolLocked)) throw error;
      }
    }
  }

  async #directories(): Promise<readonly string[]> {
    const { root, inUse } = this.#options;
    const entries = await readdir(root, { withFileTypes: true });
    const workers = entries
      .filter(entry => entry.isDirectory() && WORKER_SPOOL.test(entry.name))
      .filter(({ name }) => !inUse.has(name))
      .map(({ name }) => join(root, name));
    const all = inUse.size === 0 ? workers : [root, ...workers];
    const left: string[] = [];
    for (const directory of all) {
      if ((await listSegments(directory)).length > 0) left.push(directory);
    }
    return left;
  }

  async #bringOver(directory: string): Promise<void> {
    const { ledger, deadLetters, newId, log, now } = this.#options;
    const { spool, left } = await Spool.open({
      directory,
      lockToken: newId(),
      log,
      now,
      sync: 'always',
      maxSegmentBytes: SEGMENT_BYTES,
    });
    let isEmpty = false;
    try {
      const meter = Meter.create({ spool, log, onEnd: () => undefined });
      await meter.recover(
        await unmatchedIntents(left, letter => deadLetters.add(letter)),
      );
      const shipper = Shipper.start({
        spool,
        ledger,
        deadLetters,
        log,
        now,
      });
      this.#shipper = shipper;
      while (!this.#stopped && !isEmpty) {
        isEmpty = await shipper.whenShipped();
        if (!isEmpty) await this.#pause();
      }
      await shipper.stop(0);
    } finally {
      await spool.close();
    }
    if (!isEmpty) return;
    for (const segment of await listSegments(directory)) {
      await unlink(segmentPath(directory, segment));
    }
    log.info({ directory }, 'A spool that was left is in the ledger');
  }

  #pause(): Promise<void> {
    return new Promise(resolve => {
      const timer = setTimeout(resolve, RETRY_MS);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
