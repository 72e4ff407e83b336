import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { encodeRecord } from './record';
import { segmentPath, syncDirectory } from './segments';

/** What goes into the spool. */
export interface SpoolEntry {
  /** Entries of one id tell of one thing: an intent first, then at most one event. */
  readonly id: string;
  readonly kind: 'intent' | 'event';
  readonly payload: Buffer;
}

export interface SpoolWriterOptions {
  readonly directory: string;
  /** The number of the first segment; it must not exist. */
  readonly firstSegment: number;
  readonly maxSegmentBytes: number;
}

interface Waiting {
  readonly entry: SpoolEntry;
  readonly written: () => void;
}

const RETRY_MS = 500;
/** Elsewhere `O_DSYNC` is not there, or does not reach the disk itself, as `fdatasync` does. */
const WRITES_THROUGH = process.platform === 'linux';

/**
 * Appends entries to segment files, many at a time: while one group is being written and synced, the next one gathers.
 *
 * - An event is durable when its promise resolves: written through `O_DSYNC`, which is as good as `fdatasync` and one way to the disk
 *   instead of two. Intents are written without, and once more with the next event, in the same place: so they are durable when it is.
 * - An intent does not wait for events on their way to the disk, but is written behind them: its request waits for it, and what is written
 *   is there when this process dies.
 * - A segment that is full is followed by a new one, which starts with a copy of every intent that is still open. So a segment can be
 *   deleted once its events are in the ledger, however long a request lasts.
 * - When the disk refuses, nothing is dropped: the group is written again, at the same place, until it is there.
 */
export class SpoolWriter {
  readonly #options: SpoolWriterOptions;
  readonly #openIntents = new Map<string, Buffer>();
  #waiting: Waiting[] = [];
  /** Cleared in the very turn in which nothing is found waiting, so that nothing can come to wait unnoticed. */
  #isRunning = false;
  #running: Promise<void> = Promise.resolve();
  #file: SegmentFile;
  #segment: number;
  /** Bytes of the current segment that are whole records. */
  #size = 0;
  /** Records at the end of the current segment that are written and not durable. */
  #unsynced: Buffer[] = [];
  #problem: string | null = null;
  /** Told of each intent that comes while events are on their way to the disk. */
  #onLateIntent: (() => void) | undefined;
  #onState: (problem: string | null) => void = () => undefined;
  #onDurable: () => void = () => undefined;
  #closed = false;

  /** @throws what the file system says when the first segment cannot be made */
  static async open(options: SpoolWriterOptions): Promise<SpoolWriter> {
    const file = await createSegment(options.directory, options.firstSegment);
    return new SpoolWriter(options, file);
  }

  private constructor(options: SpoolWriterOptions, file: SegmentFile) {
    this.#options = options;
    this.#file = file;
    this.#segment = options.firstSegment;
  }

  /** Up to where records are whole, for readers. */
  get end(): { readonly segment: number; readonly offset: number } {
    return { segment: this.#segment, offset: this.#size };
  }

  /** Calls back when writing starts to fail, with the reason, and with `null` when it works again. */
  onState(listener: (problem: string | null) => void): void {
    this.#onState = listener;
  }

  /** Calls back whenever events have become durable. */
  onDurable(listener: () => void): void {
    this.#onDurable = listener;
  }

  /** Resolves once the entry is written; an event is durable then. */
  append(entry: SpoolEntry): Promise<void> {
    if (this.#closed) throw new TypeError('The spool is closed');
    if (entry.kind === 'intent') {
      this.#openIntents.set(entry.id, entry.payload);
    }
    return new Promise(written => {
      this.#waiting.push({ entry, written });
      if (!this.#isRunning) {
        this.#isRunning = true;
        this.#running = this.#run();
      } else if (entry.kind === 'intent') {
        this.#onLateIntent?.();
      }
    });
  }

  /** Writes what is waiting and closes the file. While the disk refuses, what is waiting is given up after one more try. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#running;
    await closeSegment(this.#file);
  }

  async #run(): Promise<void> {
    // Let the requests of this turn gather first.
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      const group = this.#waiting;
      this.#waiting = [];
      if (!(await this.#writeUntilThere(group))) break;
      let events = 0;
      for (const { entry, written } of group) {
        if (entry.kind === 'event') {
          this.#openIntents.delete(entry.id);
          events += 1;
        }
        written();
      }
      if (events > 0) this.#onDurable();
    }
    this.#isRunning = false;
  }

  async #writeUntilThere(group: readonly Waiting[]): Promise<boolean> {
    for (;;) {
      try {
        if (this.#size >= this.#options.maxSegmentBytes) await this.#rotate();
        await this.#write(group);
        this.#setProblem(null);
        return true;
      } catch (error) {
        this.#setProblem(
          error instanceof Error ? error.message : String(error),
        );
        if (this.#closed) return false;
        await delay(RETRY_MS);
      }
    }
  }

  async #write(group: readonly Waiting[]): Promise<void> {
    const bytes = encodeAll(group);
    const end = this.#size + bytes.length;
    if (group.some(({ entry }) => entry.kind === 'event')) {
      const unsynced = Buffer.concat([...this.#unsynced, bytes]);
      const late = await this.#writeBehind(
        writeDurably(this.#file.synced, unsynced, end - unsynced.length),
        end,
      );
      this.#unsynced = [late];
      this.#size = end + late.length;
    } else {
      await writeAll(this.#file.plain, bytes, this.#size);
      this.#unsynced.push(bytes);
      this.#size = end;
    }
  }

  /**
   * Waits until a group is durable, and writes the intents that come meanwhile. If either fails, they wait again, and are written once more
   * after the group.
   *
   * @param end - of the group
   * @returns what was written behind it
   */
  async #writeBehind(durable: Promise<void>, end: number): Promise<Buffer> {
    const late: Waiting[] = [];
    const behind: Buffer[] = [];
    let at = end;
    let writing = Promise.resolve();
    let isScheduled = false;
    const writeLate = async () => {
      isScheduled = false;
      const part = this.#takeIntents();
      late.push(...part);
      const bytes = encodeAll(part);
      await writeAll(this.#file.plain, bytes, at);
      behind.push(bytes);
      at += bytes.length;
    };
    this.#onLateIntent = () => {
      if (isScheduled) return;
      isScheduled = true;
      // Those of this turn are gathered first. After a failure nothing more is written until the group has been written again.
      writing = writing.then(writeLate);
      writing.catch(() => undefined);
    };
    try {
      await durable;
      this.#onLateIntent = undefined;
      await writing;
    } catch (error) {
      this.#onLateIntent = undefined;
      // Nothing is to be written there any more once the group is written again.
      await writing.catch(() => undefined);
      this.#waiting.unshift(...late);
      throw error;
    }
    for (const { written } of late) written();
    return Buffer.concat(behind);
  }

  #takeIntents(): readonly Waiting[] {
    const intents = this.#waiting.filter(
      ({ entry }) => entry.kind === 'intent',
    );
    if (intents.length > 0) {
      this.#waiting = this.#waiting.filter(
        ({ entry }) => entry.kind !== 'intent',
      );
    }
    return intents;
  }

  async #rotate(): Promise<void> {
    const { directory } = this.#options;
    const file = await createSegment(directory, this.#segment + 1);
    const carried = Buffer.concat(
      Array.from(this.#openIntents.values(), encodeRecord),
    );
    try {
      await writeDurably(file.synced, carried, 0);
    } catch (error) {
      await closeSegment(file);
      throw error;
    }
    const full = this.#file;
    this.#file = file;
    this.#segment += 1;
    this.#size = carried.length;
    this.#unsynced = [];
    await closeSegment(full);
  }

  #setProblem(problem: string | null): void {
    if (problem === this.#problem) return;
    this.#problem = problem;
    this.#onState(problem);
  }
}

function encodeAll(group: readonly Waiting[]): Buffer {
  return Buffer.concat(group.map(({ entry }) => encodeRecord(entry.payload)));
}

/** One file, opened twice. */
interface SegmentFile {
  readonly plain: FileHandle;
  /** For {@link writeDurably}. */
  readonly synced: FileHandle;
}

async function createSegment(
  directory: string,
  segment: number,
): Promise<SegmentFile> {
  const path = segmentPath(directory, segment);
  // Not 'wx': a rotation that failed half-way has left its file behind, and is simply done again.
  const plain = await open(path, 'w', 0o600);
  try {
    await syncDirectory(directory);
    const synced = await open(
      path,
      constants.O_WRONLY | (WRITES_THROUGH ? constants.O_DSYNC : 0),
    );
    return { plain, synced };
  } catch (error) {
    await plain.close();
    throw error;
  }
}

async function closeSegment({ plain, synced }: SegmentFile): Promise<void> {
  await plain.close();
  await synced.close();
}

async function writeDurably(
  synced: FileHandle,
  bytes: Buffer,
  position: number,
): Promise<void> {
  await writeAll(synced, bytes, position);
  if (!WRITES_THROUGH) await synced.datasync();
}

async function writeAll(
  file: FileHandle,
  bytes: Buffer,
  position: number,
): Promise<void> {
  let done = 0;
  while (done < bytes.length) {
    const { bytesWritten } = await file.write(
      bytes,
      done,
      bytes.length - done,
      position + done,
    );
    done += bytesWritten;
  }
}
