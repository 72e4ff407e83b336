import { constants, fdatasync, write, writeSync } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { segmentPath, syncDirectory } from './segments';

/** Elsewhere `O_DSYNC` is not there, or does not reach the disk itself, as `fdatasync` does. */
const WRITES_THROUGH = process.platform === 'linux';

/** The file of a segment, to be written to at places that the writer chooses. */
export class SegmentFile {
  readonly #plain: FileHandle;
  readonly #synced: FileHandle;

  /** @throws what the file system says when it cannot be made */
  static async create(
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
      return new SegmentFile(plain, synced);
    } catch (error) {
      await plain.close();
      throw error;
    }
  }

  /** One file, opened twice. */
  private constructor(plain: FileHandle, synced: FileHandle) {
    this.#plain = plain;
    this.#synced = synced;
  }

  /**
   * Hands bytes to the operating system: they are there should this process die, and not should the machine.
   *
   * In this thread, as it is a copy to the page cache: that takes some two microseconds, and thirty by way of the thread pool.
   *
   * @param from - the first of the bytes to write
   * @param to - behind the last of them
   * @param position - in the file, of the first of them
   * @throws what the file system says
   */
  write(bytes: Buffer, from: number, to: number, position: number): void {
    let at = from;
    while (at < to) {
      at += writeSync(
        this.#plain.fd,
        bytes,
        at,
        to - at,
        position + (at - from),
      );
    }
  }

  /**
   * Writes the first `length` of the bytes to the disk itself.
   *
   * @param done - told once they are there, or what the file system says
   */
  writeThrough(
    bytes: Buffer,
    length: number,
    position: number,
    done: (error: Error | null) => void,
  ): void {
    const { fd } = this.#synced;
    const goOn = (at: number) =>
      write(fd, bytes, at, length - at, position + at, (error, written) => {
        if (error) done(error);
        else if (at + written < length) goOn(at + written);
        else if (WRITES_THROUGH) done(null);
        else fdatasync(fd, done);
      });
    goOn(0);
  }

  async close(): Promise<void> {
    await this.#plain.close();
    await this.#synced.close();
  }
}
