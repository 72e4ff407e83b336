import { execFile } from 'node:child_process';
import { mkdir, open, rm, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const CHUNK = Buffer.alloc(1024 * 1024, 'x');

/** A disk in memory that is small enough to be filled. Needs root. */
export class SmallDisk {
  readonly #fillers: string[] = [];

  /** Why there can be none on this machine; `null` when there can. */
  static impossible(): string | null {
    if (process.platform !== 'linux') {
      return 'It mounts a tmpfs, which is Linux’s.';
    }
    return process.getuid?.() === 0
      ? null
      : 'It mounts a tmpfs, for which it must be run as root.';
  }

  static async mount(directory: string, bytes: number): Promise<SmallDisk> {
    await mkdir(directory, { recursive: true });
    await run('mount', [
      ...['-t', 'tmpfs', '-o', `size=${bytes},mode=700`],
      'tmpfs',
      directory,
    ]);
    return new SmallDisk(directory);
  }

  private constructor(readonly directory: string) {}

  async freeBytes(): Promise<number> {
    const { bavail, bsize } = await statfs(this.directory);
    return bavail * bsize;
  }

  /** Takes space until no more than so much is left; with 0 until the disk itself says that it is full. */
  async fill(leaveBytes: number): Promise<void> {
    const file = join(this.directory, `filler-${this.#fillers.length}`);
    this.#fillers.push(file);
    const handle = await open(file, 'w');
    try {
      for (;;) {
        const excess = (await this.freeBytes()) - leaveBytes;
        if (excess <= 0) return;
        await handle.write(CHUNK, 0, Math.min(CHUNK.length, excess));
      }
    } catch (error) {
      if (!isFull(error)) throw error;
    } finally {
      await handle.close();
    }
  }

  async empty(): Promise<void> {
    for (const file of this.#fillers.splice(0)) await rm(file);
  }

  async unmount(): Promise<void> {
    await run('umount', [this.directory]);
  }
}

function isFull(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOSPC';
}
