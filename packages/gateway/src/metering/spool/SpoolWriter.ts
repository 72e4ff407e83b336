import { OpenIntents } from './OpenIntents';
import { Pace } from './Pace';
import { RecordBuffer } from './RecordBuffer';
import { SegmentFile } from './SegmentFile';

/** What goes into the spool. */
export interface SpoolEntry {
  /** Entries of one id tell of one thing: an intent first, then at most one event. */
  readonly id: string;
  readonly kind: 'intent' | 'event';
  readonly payload: string;
}

/**
 * What an event waits for.
 *
 * - `always`: the disk itself. It is there whatever happens to the machine.
 * - `interval`: the operating system, which has it should this process die. The disk has it within {@link SYNC_INTERVAL_MS} and the time
 *   that a write takes; what it has not when the machine loses power, or its kernel fails, is lost. While the disk hangs or refuses, and while
 *   one segment follows another, that is waited for.
 */
export type SpoolSync = 'always' | 'interval';

export interface SpoolWriterOptions {
  readonly directory: string;
  readonly sync: SpoolSync;
  /** The number of the first segment; it must not exist. */
  readonly firstSegment: number;
  readonly maxSegmentBytes: number;
}

/** Where what is gathered waits for what. */
interface Step {
  readonly promise: Promise<void>;
  readonly over: () => void;
}

/** Records that go to the disk together. */
interface Group {
  readonly records: RecordBuffer;
  /** Where the first of them stands in the segment. */
  base: number;
  /** Bytes of the records that the operating system has. */
  written: number;
  /** Ids of its events. */
  ended: string[];
  durable: Step | undefined;
}

const RETRY_MS = 500;
/** When events do not wait for the disk, a write to it begins at the earliest so long after the one before began, in milliseconds. */
const SYNC_INTERVAL_MS = 50;
/** A write to the disk that takes longer hangs, in milliseconds. */
const HUNG_MS = 1_000;

/**
 * Appends entries to segment files, many at a time.
 *
 * What is appended gathers in memory, in the order of the file, until the end of the event loop's turn; while little comes, it is not waited
 * for. Then:
 *
 * - If there are intents among it, all that has gathered is handed to the operating system. That is what an intent waits for: its request
 *   may go on, as what is written is known of should this process die.
 * - If there are events among it, all that has gathered is written through to the disk, the intents a second time, in the same place.
 *   That is what an event waits for. Meanwhile the next group gathers behind it; only one is on its way to the disk at a time.
 * - Where events do not wait for the disk ({@link SpoolSync}), they are handed over as intents are, and written through now and then.
 *
 * - A segment that is full is followed by a new one, which starts with a copy of every intent that is still open. So a segment can be
 *   deleted once its events are in the ledger, however long a request lasts.
 * - When the disk refuses, nothing is dropped and nothing new is written: the same is written again, at the same place, until it is there.
 */
export class SpoolWriter {
  readonly #options: SpoolWriterOptions;
  readonly #openIntents = new OpenIntents();
  readonly #pace = new Pace();
  #file: SegmentFile;
  #segment: number;
  #gathering: Group = emptyGroup();
  /** On its way to the disk, or waiting to be written again. */
  #syncing: Group | undefined;
  #isWriting = false;
  /** The disk has refused what is on its way to it, and has not taken it since. */
  #isRefused = false;
  /** Of no use at the moment. */
  #spare: Group | undefined = emptyGroup();
  /** What those wait for that have come since the last write and do not wait for the disk. */
  #handedOver: Step | undefined;
  /** Up to where the current segment is durable. */
  #durableBytes = 0;
  /** Nothing more goes into the segment; what gathers goes to the start of the next one. */
  #isFull = false;
  #turn: NodeJS.Immediate | undefined;
  #interval: NodeJS.Timeout | undefined;
  #retry: NodeJS.Timeout | undefined;
  #rotating = false;
  #problem: string | null = null;
  #onState: (problem: string | null) => void = () => undefined;
  #onDurable: () => void = () => undefined;
  /** Told when nothing is left to be done, or can be. */
  #onIdle: (() => void) | undefined;

  /** @throws what the file system says when the first segment cannot be made */
  static async open(options: SpoolWriterOptions): Promise<SpoolWriter> {
    const file = await SegmentFile.create(
      options.directory,
      options.firstSegment,
    );
    return new SpoolWriter(options, file);
  }

  private constructor(options: SpoolWriterOptions, file: SegmentFile) {
    this.#options = options;
    this.#file = file;
    this.#segment = options.firstSegment;
  }

  /** Up to where records are durable, for readers. */
  get end(): { readonly segment: number; readonly offset: number } {
    return { segment: this.#segment, offset: this.#durableBytes };
  }

  /** Calls back when writing starts to fail, with the reason, and with `null` when it works again. */
  onState(listener: (problem: string | null) => void): void {
    this.#onState = listener;
  }

  /** Calls back whenever events have become durable. */
  onDurable(listener: () => void): void {
    this.#onDurable = listener;
  }

  /**
   * @returns a promise that resolves once the operating system has the entry, and once the disk has it if it is an event and those wait for
   *   that; those that go together share one
   * @throws RangeError when the entry is larger than any usage event
   */
  append({ id, kind, payload }: SpoolEntry): Promise<void> {
    if (this.#onIdle) throw new TypeError('The spool is closed');
    const group = this.#gathering;
    group.records.add(payload);
    if (kind === 'intent') this.#openIntents.open(id, payload);
    else group.ended.push(id);
    const now = performance.now();
    const step =
      kind === 'event' && this.#eventsWait(now)
        ? (group.durable ??= newStep())
        : (this.#handedOver ??= newStep());
    this.#pace.came(now);
    if (!this.#turn && this.#pace.isQuiet(now)) this.#flush();
    else this.#flushNextTurn();
    return step.promise;
  }

  /** Resolves once the disk has every event whose append has resolved by now; where events wait for the disk, that is so already. */
  async synced(): Promise<void> {
    if (this.#options.sync === 'always') return;
    const last =
      this.#gathering.ended.length > 0 ? this.#gathering : this.#syncing;
    if (last) await (last.durable ??= newStep()).promise;
  }

  /** Writes what is waiting and closes the file. While the disk refuses, what is waiting is given up after one more try. */
  async close(): Promise<void> {
    const idle = newStep();
    this.#onIdle = idle.over;
    clearTimeout(this.#retry);
    this.#retry = undefined;
    this.#flush();
    await idle.promise;
    clearImmediate(this.#turn);
    clearTimeout(this.#interval);
    await this.#file.close();
  }

  /** Whether events wait for the disk: where they need not, they do while it hangs or refuses, so that what may be lost stays little. */
  #eventsWait(now: number): boolean {
    return (
      this.#options.sync === 'always' ||
      this.#isRefused ||
      (this.#isWriting && this.#pace.restOf(HUNG_MS, now) === 0)
    );
  }

  #flushNextTurn(): void {
    this.#turn ??= setImmediate(() => {
      this.#turn = undefined;
      this.#flush();
    });
  }

  /** Does the next thing there is to do; called whenever there may be one. */
  #flush(): void {
    const group = this.#gathering;
    if (this.#retry || this.#rotating || this.#isWriting) {
      // What comes behind a group on its way may be written, and waits for nothing else.
      if (this.#isWriting && !this.#retry && !this.#isFull) this.#write(group);
      return;
    }
    if (this.#syncing) this.#sync(this.#syncing);
    else if (this.#isFull && group.records.length > 0) void this.#rotate();
    else if (this.#write(group) && group.ended.length > 0) {
      this.#syncWhenDue(group);
    } else if (group.ended.length === 0) this.#onIdle?.();
  }

  /** Hands what has gathered to the operating system, if any wait for that. */
  #write(group: Group): boolean {
    const step = this.#handedOver;
    if (!step) return true;
    const { records, base, written } = group;
    try {
      this.#file.write(records.bytes, written, records.length, base + written);
    } catch (error) {
      this.#failed(error);
      return false;
    }
    this.#succeeded();
    group.written = records.length;
    this.#handedOver = undefined;
    step.over();
    return true;
  }

  #syncWhenDue(group: Group): void {
    if (!this.#onIdle && !this.#isDue(performance.now())) return;
    this.#syncing = group;
    this.#gathering = this.#spare ?? emptyGroup();
    this.#spare = undefined;
    this.#gathering.base = group.base + group.records.length;
    this.#isFull = this.#gathering.base >= this.#options.maxSegmentBytes;
    this.#sync(group);
  }

  /** Whether to write to the disk now; if not, sees to it that this is asked again. */
  #isDue(now: number): boolean {
    if (this.#options.sync === 'interval') {
      const rest = this.#pace.restOf(SYNC_INTERVAL_MS, now);
      if (rest > 0) this.#flushIn(rest);
      return rest === 0;
    }
    // A turn in which something came is judged at its end.
    const isDue = this.#turn ? this.#pace.isQuiet(now) : this.#pace.isDue(now);
    if (!isDue) this.#flushNextTurn();
    return isDue;
  }

  #flushIn(ms: number): void {
    this.#interval ??= setTimeout(() => {
      this.#interval = undefined;
      this.#flush();
    }, ms);
  }

  #sync(group: Group): void {
    const { records, base } = group;
    this.#pace.begins(performance.now());
    this.#isWriting = true;
    this.#file.writeThrough(records.bytes, records.length, base, error => {
      this.#isWriting = false;
      this.#isRefused = Boolean(error);
      if (error) this.#failed(error);
      else this.#isDurable(group);
    });
  }

  #isDurable(group: Group): void {
    this.#succeeded();
    this.#syncing = undefined;
    this.#durableBytes = group.base + group.records.length;
    for (const id of group.ended) this.#openIntents.close(id);
    group.durable?.over();
    this.#spare = group;
    clear(group, 0);
    this.#onDurable();
    this.#flush();
  }

  async #rotate(): Promise<void> {
    this.#rotating = true;
    try {
      const { directory } = this.#options;
      const file = await SegmentFile.create(directory, this.#segment + 1);
      const carried = new RecordBuffer();
      for (const payload of this.#openIntents.payloads()) carried.add(payload);
      try {
        await writtenThrough(file, carried);
      } catch (error) {
        await file.close();
        throw error;
      }
      const full = this.#file;
      this.#file = file;
      this.#segment += 1;
      this.#durableBytes = carried.length;
      this.#gathering.base = carried.length;
      this.#gathering.written = 0;
      this.#isFull = false;
      // It has all that went into it; what is said of it now is of no use to anyone.
      await full.close().catch(() => undefined);
    } catch (error) {
      this.#rotating = false;
      this.#failed(error);
      return;
    }
    this.#rotating = false;
    this.#succeeded();
    this.#flush();
  }

  #failed(error: unknown): void {
    this.#setProblem(error instanceof Error ? error.message : String(error));
    if (this.#onIdle) {
      // Otherwise what is on its way comes to its end first.
      if (!this.#isWriting) this.#onIdle();
      return;
    }
    this.#retry ??= setTimeout(() => {
      this.#retry = undefined;
      this.#flush();
    }, RETRY_MS);
  }

  /** Unless something else still fails. */
  #succeeded(): void {
    if (!this.#retry && !this.#isRefused) this.#setProblem(null);
  }

  #setProblem(problem: string | null): void {
    if (problem === this.#problem) return;
    this.#problem = problem;
    this.#onState(problem);
  }
}

function emptyGroup(): Group {
  return {
    records: new RecordBuffer(),
    base: 0,
    written: 0,
    ended: [],
    durable: undefined,
  };
}

function clear(group: Group, base: number): void {
  group.records.clear();
  group.base = base;
  group.written = 0;
  group.ended.length = 0;
  group.durable = undefined;
}

function newStep(): Step {
  let over: () => void = () => undefined;
  const promise = new Promise<void>(resolve => {
    over = resolve;
  });
  return { promise, over };
}

function writtenThrough(
  file: SegmentFile,
  { bytes, length }: RecordBuffer,
): Promise<void> {
  return new Promise((resolve, reject) => {
    if (length === 0) resolve();
    else {
      file.writeThrough(bytes, length, 0, error =>
        error ? reject(error) : resolve(),
      );
    }
  });
}
