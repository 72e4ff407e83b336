import {
  open,
  readFile,
  rename,
  rm,
  stat,
  unlink,
  writeFile,
  type FileHandle,
} from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { MAX_RECORD_BYTES, readRecords } from './record';
import { listSegments, segmentPath, syncDirectory } from './segments';

/** A place between two records. */
export interface SpoolPosition {
  readonly segment: number;
  readonly offset: number;
}

/** What lies behind a position. */
export interface SpoolSlice {
  /** Parts of memory that the next slice is read into. */
  readonly payloads: readonly Buffer[];
  readonly next: SpoolPosition;
  readonly damagedBytes: number;
}

const positionSchema = z.object({
  segment: z.number().int().nonnegative(),
  offset: z.number().int().nonnegative(),
});
const POSITION_FILE = 'position.json';
/** Room for the largest record; as many as there usually are in so many bytes are read through in half a millisecond. */
const SLICE_BYTES = MAX_RECORD_BYTES;
/** So much is read again, at most, should the position not have been kept: to book it again is a no-op, and to keep it takes longer. */
const KEPT_AFTER_BYTES = 1024 * 1024;

/** Reads a spool from a position on that lasts, and deletes the segments that are behind it. */
export class SpoolReader {
  readonly #directory: string;
  /** Up to where the writer has whole records. */
  readonly #end: () => SpoolPosition;
  #position: SpoolPosition;
  /** What was written down of it last; nothing in this process yet. */
  #kept: SpoolPosition | undefined;
  /** Slices are read into it, one after the other. */
  #buffer: Buffer | undefined;
  /** The segment that was read last: mostly the next slice is of the same. */
  #open: { readonly segment: number; readonly file: FileHandle } | undefined;

  /** Takes up where the position was kept, or at the oldest segment there is. */
  static async open(options: {
    directory: string;
    end: () => SpoolPosition;
  }): Promise<SpoolReader> {
    const { directory, end } = options;
    const [oldest] = await listSegments(directory);
    const first = { segment: oldest ?? end().segment, offset: 0 };
    const kept = await readPosition(directory);
    // The segment that the writer has begun is new, so that a position in it is another's: of segments that were all taken away, and whose
    // numbers come again. What is behind a segment that is gone has been dealt with.
    const isUsable =
      kept !== undefined &&
      kept.segment >= first.segment &&
      kept.segment < end().segment;
    // Before it comes to fit a segment that has not been read.
    if (!isUsable) await forgetPosition(directory);
    return new SpoolReader(directory, end, isUsable ? kept : first);
  }

  /** Starts at the oldest segment there is, whatever has been dealt with already. */
  static async openAtOldest(options: {
    directory: string;
    end: () => SpoolPosition;
  }): Promise<SpoolReader> {
    const { directory, end } = options;
    const [oldest] = await listSegments(directory);
    return new SpoolReader(directory, end, {
      segment: oldest ?? end().segment,
      offset: 0,
    });
  }

  private constructor(
    directory: string,
    end: () => SpoolPosition,
    position: SpoolPosition,
  ) {
    this.#directory = directory;
    this.#end = end;
    this.#position = position;
  }

  /**
   * The next records; nothing when all have been read. Does not move: {@link SpoolReader.advance} does.
   *
   * @param behind - a slice: what follows it is read, wherever the reader is
   */
  async next(behind?: SpoolSlice): Promise<SpoolSlice | undefined> {
    let { segment, offset } = behind?.next ?? this.#position;
    for (;;) {
      const end = this.#end();
      const isLast = segment >= end.segment;
      const size = isLast
        ? end.offset
        : await sizeOf(segmentPath(this.#directory, segment));
      if (offset < size) {
        const to = Math.min(size, offset + SLICE_BYTES);
        const slice = await this.#readSlice(segment, offset, to);
        const final = offset + slice.length >= size;
        const { payloads, consumed, damagedBytes } = readRecords(slice, final);
        return {
          payloads,
          damagedBytes,
          next: { segment, offset: offset + consumed },
        };
      }
      if (isLast) return undefined;
      segment += 1;
      offset = 0;
    }
  }

  /** Bytes from here to the writer's end. */
  async waitingBytes(): Promise<number> {
    const { segment: first, offset } = this.#position;
    const end = this.#end();
    let bytes = end.offset - offset;
    for (let segment = first; segment < end.segment; segment++) {
      bytes += await sizeOf(segmentPath(this.#directory, segment));
    }
    return Math.max(0, bytes);
  }

  /** Goes on behind a slice, for this reader only. */
  skip(slice: SpoolSlice): void {
    this.#position = slice.next;
  }

  /** Everything before a position has been dealt with, for good. It is written down now and then, and by {@link SpoolReader.close}. */
  async advance(position: SpoolPosition): Promise<void> {
    const { segment } = this.#position;
    this.#position = position;
    const unkept = position.offset - (this.#kept?.offset ?? 0);
    if (position.segment !== segment) {
      await this.#keep();
      await this.#deleteBehind(position.segment);
    } else if (unkept >= KEPT_AFTER_BYTES) {
      await this.#keep();
    }
  }

  async close(): Promise<void> {
    await this.letGo();
    await this.#keep();
  }

  /** Lets go of what it reads from, until it reads again. */
  async letGo(): Promise<void> {
    const { file } = this.#open ?? {};
    this.#open = undefined;
    await file?.close();
  }

  /** @returns the part of the buffer that holds what was read */
  async #readSlice(segment: number, from: number, to: number): Promise<Buffer> {
    if (this.#open?.segment !== segment) {
      await this.letGo();
      const path = segmentPath(this.#directory, segment);
      this.#open = { segment, file: await open(path, 'r') };
    }
    this.#buffer ??= Buffer.allocUnsafeSlow(SLICE_BYTES);
    const { file } = this.#open;
    const { bytesRead } = await file.read(this.#buffer, 0, to - from, from);
    return this.#buffer.subarray(0, bytesRead);
  }

  async #keep(): Promise<void> {
    this.#kept = this.#position;
    await writePosition(this.#directory, this.#position);
  }

  async #deleteBehind(segment: number): Promise<void> {
    // What is deleted and open takes up room all the same.
    if (this.#open && this.#open.segment < segment) await this.letGo();
    for (const other of await listSegments(this.#directory)) {
      if (other < segment) await unlink(segmentPath(this.#directory, other));
    }
  }
}

/** 0 when there is no such file: a number that was never used. */
async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 0;
    throw error;
  }
}

async function readPosition(
  directory: string,
): Promise<SpoolPosition | undefined> {
  try {
    return positionSchema.parse(
      JSON.parse(await readFile(join(directory, POSITION_FILE), 'utf8')),
    );
  } catch {
    // Without a position everything is read again, which books nothing twice.
    return undefined;
  }
}

/** For good, even if the power fails. */
async function forgetPosition(directory: string): Promise<void> {
  await rm(join(directory, POSITION_FILE), { force: true });
  await syncDirectory(directory);
}

async function writePosition(
  directory: string,
  position: SpoolPosition,
): Promise<void> {
  const path = join(directory, POSITION_FILE);
  await writeFile(`${path}.new`, JSON.stringify(position), { mode: 0o600 });
  await rename(`${path}.new`, path);
}
