import { chmod, mkdir, statfs } from 'node:fs/promises';
import type { Log } from '../../telemetry/log';
import { listSegments } from './segments';
import { SpoolLock } from './SpoolLock';
import { SpoolReader, type SpoolSlice } from './SpoolReader';
import { SpoolWriter, type SpoolEntry, type SpoolSync } from './SpoolWriter';

export interface SpoolOptions {
  readonly directory: string;
  readonly sync: SpoolSync;
  readonly log: Log;
  /** Unique for each call. */
  readonly lockToken: string;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** A segment that has grown to this is followed by a new one. */
  readonly maxSegmentBytes: number;
}

/** Room for what is under way to be written to its end. */
const MIN_FREE_BYTES = 64 * 1024 * 1024;
const SPACE_CHECK_MS = 2_000;

/**
 * A write-ahead file: usage lives here from the end of a request until the ledger has it.
 *
 * Segments are never written to again by a later process: each start begins one of its own, behind those that it finds. So a torn tail
 * needs no repair; it is told apart by its checksum, and left behind when its segment is.
 */
export class Spool {
  readonly #log: Log;
  readonly #directory: string;
  readonly #lock: SpoolLock;
  readonly #reader: SpoolReader;
  readonly #writer: SpoolWriter;
  readonly #spaceCheck: NodeJS.Timeout;
  #writeProblem: string | null = null;
  #spaceProblem: string | null = null;

  /**
   * @returns the spool, and what earlier processes left in it that the ledger may lack
   * @throws SpoolLocked when another gateway has the directory; what the file system says when it cannot be written to
   */
  static async open(
    options: SpoolOptions,
  ): Promise<{ spool: Spool; left: AsyncIterable<Buffer> }> {
    const { directory } = options;
    await mkdir(directory, { recursive: true, mode: 0o700 });
    await chmod(directory, 0o700);
    const lock = await SpoolLock.acquire(
      directory,
      options.lockToken,
      options.now,
    );
    try {
      const segments = await listSegments(directory);
      const writer = await SpoolWriter.open({
        directory,
        sync: options.sync,
        firstSegment: (segments.at(-1) ?? 0) + 1,
        maxSegmentBytes: options.maxSegmentBytes,
      });
      const end = () => writer.end;
      const reader = await SpoolReader.open({ directory, end });
      const spool = new Spool(options, lock, reader, writer);
      await spool.#checkSpace();
      const recovered = await SpoolReader.openAtOldest({ directory, end });
      return { spool, left: payloadsOf(recovered) };
    } catch (error) {
      lock.release();
      throw error;
    }
  }

  private constructor(
    options: SpoolOptions,
    lock: SpoolLock,
    reader: SpoolReader,
    writer: SpoolWriter,
  ) {
    this.#directory = options.directory;
    this.#log = options.log;
    this.#lock = lock;
    this.#reader = reader;
    this.#writer = writer;
    writer.onState(problem => this.#setWriteProblem(problem));
    this.#spaceCheck = setInterval(
      () => void this.#checkSpace(),
      SPACE_CHECK_MS,
    );
    this.#spaceCheck.unref();
  }

  /** Why nothing can be recorded at the moment; `null` when it can. */
  get problem(): string | null {
    return this.#writeProblem ?? this.#spaceProblem;
  }

  /** Bytes that the ledger may lack, finished requests and those under way alike. */
  waitingBytes(): Promise<number> {
    return this.#reader.waitingBytes();
  }

  /** Calls back whenever events have become durable. */
  onDurable(listener: () => void): void {
    this.#writer.onDurable(listener);
  }

  /** See {@link SpoolWriter.append}. */
  append(entry: SpoolEntry): Promise<void> {
    return this.#writer.append(entry);
  }

  /** See {@link SpoolWriter.synced}. */
  synced(): Promise<void> {
    return this.#writer.synced();
  }

  /**
   * The next records that the ledger may lack; `undefined` when there are none.
   *
   * @param behind - a slice that is on its way to the ledger: what follows it
   */
  async next(behind?: SpoolSlice): Promise<SpoolSlice | undefined> {
    const slice = await this.#reader.next(behind);
    if (slice && slice.damagedBytes > 0) {
      this.#log.warn(
        { segment: slice.next.segment, bytes: slice.damagedBytes },
        'Part of a spool segment is damaged or was never written whole, and is left out',
      );
    }
    return slice;
  }

  /** The ledger has all that came with a slice and those before it. */
  advance(slice: SpoolSlice): Promise<void> {
    return this.#reader.advance(slice.next);
  }

  async close(): Promise<void> {
    clearInterval(this.#spaceCheck);
    await this.#writer.close();
    // Without it, a part is read again: no reason not to end.
    await this.#reader.close().catch(() => undefined);
    this.#lock.release();
  }

  #setWriteProblem(problem: string | null): void {
    this.#writeProblem = problem;
    if (problem === null) {
      this.#log.info('The spool can be written to again');
    } else {
      this.#log.error(
        { directory: this.#directory, reason: problem },
        'The spool cannot be written to: new requests are refused',
      );
    }
  }

  async #checkSpace(): Promise<void> {
    try {
      const { bavail, bsize } = await statfs(this.#directory);
      const short = bavail * bsize < MIN_FREE_BYTES;
      if (short && !this.#spaceProblem) {
        this.#log.error(
          { directory: this.#directory, freeBytes: bavail * bsize },
          'The disk of the spool is nearly full: new requests are refused',
        );
      }
      this.#spaceProblem = short ? 'The disk is nearly full' : null;
    } catch (error) {
      this.#spaceProblem =
        error instanceof Error ? error.message : String(error);
    }
  }
}

async function* payloadsOf(reader: SpoolReader): AsyncGenerator<Buffer> {
  try {
    let slice = await reader.next();
    while (slice) {
      // Who reads may keep them, and the next slice takes their place.
      for (const payload of slice.payloads) yield Buffer.from(payload);
      reader.skip(slice);
      slice = await reader.next();
    }
  } finally {
    await reader.letGo();
  }
}
