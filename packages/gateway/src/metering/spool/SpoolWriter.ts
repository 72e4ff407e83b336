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
        await this.#write(group.map(({ entry }) => entry));
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

  async #write(entries: readonly SpoolEntry[]): Promise<void> {
    const bytes = Buffer.concat(
      entries.map(({ payload }) => encodeRecord(payload)),
    );
    if (entries.some(({ kind }) => kind === 'event')) {
      const unsynced = Buffer.concat([...this.#unsynced, bytes]);
      const from = this.#size + bytes.length - unsynced.length;
      await writeDurably(this.#file.synced, unsynced, from);
      this.#unsynced = [];
    } else {
      await writeAll(this.#file.plain, bytes, this.#size);
      this.#unsynced.push(bytes);
    }
    this.#size += bytes.length;
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
