import type { LedgerStore } from '@ai-gateway/backstage-plugin-ai-gateway-node';
import type { Log } from '../telemetry/log';
import { RepeatedWarning } from '../telemetry/RepeatedWarning';
import { unreadable, type DeadLetter, type DeadLetters } from './DeadLetters';
import {
  decodeEventRow,
  encodeEventText,
  kindOfPayload,
  rowOfPayload,
} from './eventCodec';
import { RowBatch } from './RowBatch';
import type { Spool } from './spool/Spool';
import type { SpoolSlice } from './spool/SpoolReader';

export interface ShipperOptions {
  readonly spool: Spool;
  readonly ledger: LedgerStore;
  /** Where what the ledger can never take is put. */
  readonly deadLetters: DeadLetters;
  readonly log: Log;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

export interface ShipperStats {
  /** Events that the ledger has; one that is sent twice counts twice. */
  readonly booked: number;
  /** Events that the ledger refused for good. */
  readonly deadLetters: number;
  /** Whether the ledger cannot be written to at the moment. */
  readonly failing: boolean;
}

/** For so long events gather where there are few: they are in the ledger at once. */
const GATHER_MS = 100;
/**
 * And for so long when there were several: what a statement costs is shared by more of them. That begins at fifty a second and ends below ten,
 * so that it does not change to and fro.
 */
const BUSY_GATHER_MS = 500;
const BUSY_EVENTS = 5;
const BACKOFF_MIN_MS = 250;
const BACKOFF_MAX_MS = 5_000;
/** As many are booked by one statement; it takes the database less than a tenth of a second. */
const BATCH_EVENTS = 4_000;

/** What was read of the spool for one batch. */
interface Filled {
  readonly last: SpoolSlice;
  /** Of it: what nobody can read. */
  readonly unreadable: readonly DeadLetter[];
}

/**
 * Moves usage from the spool into the ledger.
 *
 * Order does not matter and repeating does not hurt, as the ledger takes an event once; what matters is that the spool is not cut before
 * the ledger has what was in it. While the database is away everything stays where it is. An event that the ledger can never take, since
 * its very data is refused, is singled out, put into a file of its own and reported: it holds up nothing.
 *
 * Events are shipped as the bytes that stand in the spool. What they say is read only of those that are refused.
 */
export class Shipper {
  readonly #options: ShipperOptions;
  readonly #warning: RepeatedWarning;
  readonly #batch = new RowBatch();
  #timer: NodeJS.Timeout | undefined;
  /** For how long events gather now. */
  #gatherMs = GATHER_MS;
  #running: Promise<void> | undefined;
  #again = false;
  #backoffMs = 0;
  #stopped = false;
  #finishing: Promise<void> | undefined;
  #booked = 0;
  #deadLetters = 0;

  static start(options: ShipperOptions): Shipper {
    const shipper = new Shipper(options);
    options.spool.onDurable(() => shipper.#schedule());
    shipper.#start();
    return shipper;
  }

  private constructor(options: ShipperOptions) {
    this.#options = options;
    this.#warning = RepeatedWarning.create(options);
  }

  /** What this process has brought to the ledger, and what the ledger refused for good. */
  stats(): ShipperStats {
    return {
      booked: this.#booked,
      deadLetters: this.#deadLetters,
      failing: this.#backoffMs > 0,
    };
  }

  /** Ships what there is, but no longer than so many milliseconds; the rest stays for the next start. */
  async stop(withinMs: number): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>(resolve => {
      timer = setTimeout(resolve, withinMs);
    });
    // One at a time, however often this is called: they would fill the same memory.
    this.#finishing ??= this.#finish();
    await Promise.race([this.#finishing, late]);
    clearTimeout(timer);
  }

  /** Whether all that had been recorded when this was asked is in the ledger now. */
  async whenShipped(): Promise<boolean> {
    await this.#options.spool.synced();
    await this.#running;
    if (this.#stopped) return false;
    // The one that was due, or another that somebody else began for the same reason.
    if (!this.#running) {
      clearTimeout(this.#timer);
      this.#timer = undefined;
      this.#start();
    }
    await this.#running;
    return this.#backoffMs === 0;
  }

  async #finish(): Promise<void> {
    await this.#options.spool.synced();
    await this.#running;
    await this.#ship().catch(() => undefined);
  }

  #schedule(): void {
    if (this.#running) {
      this.#again = true;
      return;
    }
    if (this.#timer || this.#stopped) return;
    this.#timer = setTimeout(
      () => {
        this.#timer = undefined;
        this.#start();
      },
      Math.max(this.#gatherMs, this.#backoffMs),
    );
  }

  #start(): void {
    this.#again = false;
    this.#running = this.#run().finally(() => {
      this.#running = undefined;
      // What became durable meanwhile, or is still there after a failure.
      if (this.#again || this.#backoffMs > 0) this.#schedule();
    });
  }

  async #run(): Promise<void> {
    try {
      await this.#ship();
      this.#backoffMs = 0;
      this.#warning.over('Usage reaches the ledger again');
    } catch (error) {
      this.#backoffMs = Math.min(
        Math.max(this.#backoffMs * 2, BACKOFF_MIN_MS),
        BACKOFF_MAX_MS,
      );
      this.#warning.say(
        `Usage waits in the spool, as the ledger cannot be written to: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
  }

  /** Ships up to where a batch is not full: what comes meanwhile gathers for the next time. */
  async #ship(): Promise<void> {
    const { spool } = this.#options;
    const batch = this.#batch;
    let isLast = false;
    while (!isLast) {
      batch.clear();
      const read = await this.#fill(batch);
      if (!read) return;
      if (batch.size > 0) await this.#book(batch);
      // Now that the ledger is there: otherwise they would be put aside once more with each try.
      for (const letter of read.unreadable) await this.#setAside(letter);
      await spool.advance(read.last);
      isLast = batch.size < BATCH_EVENTS;
      this.#gatherMs = batch.size < BUSY_EVENTS ? GATHER_MS : BUSY_GATHER_MS;
    }
  }

  /** @returns what was read for a batch; nothing if there was nothing to read */
  async #fill(batch: RowBatch): Promise<Filled | undefined> {
    const { spool } = this.#options;
    const unread: DeadLetter[] = [];
    let last: SpoolSlice | undefined;
    let slice = await spool.next();
    while (slice) {
      for (const payload of slice.payloads) {
        if (kindOfPayload(payload) !== 'event') continue;
        try {
          batch.add(rowOfPayload(payload));
        } catch (error) {
          unread.push(unreadable(payload, error));
        }
      }
      last = slice;
      if (batch.size >= BATCH_EVENTS) break;
      slice = await spool.next(slice);
    }
    return last && { last, unreadable: unread };
  }

  async #book(batch: RowBatch): Promise<void> {
    const { size } = batch;
    try {
      await this.#options.ledger.bookRows(batch.literal());
      this.#booked += size;
    } catch (error) {
      if (!isRefusalOfData(error)) throw error;
      if (size === 1) {
        await this.#setAside({
          reason: error instanceof Error ? error.message : String(error),
          event: readable(batch.row(0).toString()),
        });
        return;
      }
      const middle = Math.ceil(size / 2);
      await this.#book(batch.part(0, middle));
      await this.#book(batch.part(middle, size));
    }
  }

  async #setAside(letter: DeadLetter): Promise<void> {
    await this.#options.deadLetters.add(letter);
    this.#deadLetters += 1;
  }
}

/** A row as people can mend it; what is none stays as it is. */
function readable(row: string): string {
  try {
    return encodeEventText(decodeEventRow(row));
  } catch {
    return row;
  }
}

/** SQLSTATE classes 22 (data exception) and 23 (constraint violation): the same data would be refused again. */
function isRefusalOfData(error: unknown): boolean {
  return (
    typeof error === 'object' &&
    error !== null &&
    'code' in error &&
    typeof error.code === 'string' &&
    /^2[23][0-9A-Z]{3}$/.test(error.code)
  );
}
