import { readFileSync, unlinkSync } from 'node:fs';
import {
  link,
  readFile,
  rename,
  stat,
  unlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';

const LOCK_FILE = 'lock.json';
const TOUCH_MS = 5_000;
/** A holder on another machine that has not touched its lock for so long is gone. */
const STALE_MS = 30_000;

const ownerSchema = z.object({
  hostname: z.string(),
  pid: z.number().int(),
  /** When the process started, by the kernel's count: tells it from a later one with the same number. */
  processStart: z.string().nullable(),
  /** Tells two gateways in one process from one another. */
  token: z.string(),
});
type Owner = z.infer<typeof ownerSchema>;

/** Another gateway has the directory. */
export class SpoolLocked extends Error {
  constructor(directory: string, owner: Owner) {
    super(
      `The spool directory ${directory} is in use by process ${owner.pid} on ${owner.hostname}. Give each gateway a directory of its own (aiGateway.gateway.spool.directory).`,
    );
    this.name = 'SpoolLocked';
  }
}

/**
 * Keeps two gateways out of one spool directory.
 *
 * The lock is a file that names its holder. It is taken over when the holder is gone: on this machine when no process has that number, or
 * one that started at another time has it; on another machine when the file has not been touched for half a minute.
 */
export class SpoolLock {
  readonly #path: string;
  readonly #token: string;
  readonly #timer: NodeJS.Timeout;

  /**
   * @param token - unique for each call
   * @param now - milliseconds since the epoch
   * @throws {@link SpoolLocked}
   */
  static async acquire(
    directory: string,
    token: string,
    now: () => number,
  ): Promise<SpoolLock> {
    const path = join(directory, LOCK_FILE);
    const own: Owner = {
      hostname: hostname(),
      pid: process.pid,
      processStart: processStart(process.pid),
      token,
    };
    const draft = `${path}.${token}`;
    await writeFile(draft, JSON.stringify(own), { mode: 0o600 });
    try {
      for (let attempt = 0; ; attempt++) {
        try {
          // A link appears whole or not at all, and never in place of another.
          await link(draft, path);
          break;
        } catch (error) {
          if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
        }
        const holder = await readOwner(path);
        if (holder && (attempt >= 3 || (await isAlive(path, holder, now())))) {
          throw new SpoolLocked(directory, holder);
        }
        // Moved aside by one of those who find it stale; the others find it gone.
        await rename(path, `${draft}.stale`).catch(() => undefined);
        await unlink(`${draft}.stale`).catch(() => undefined);
      }
    } finally {
      await unlink(draft).catch(() => undefined);
    }
    return new SpoolLock(path, token, now);
  }

  private constructor(path: string, token: string, now: () => number) {
    this.#path = path;
    this.#token = token;
    this.#timer = setInterval(() => {
      const seconds = now() / 1_000;
      // Failing to touch it is no reason to stop: only another machine looks at the time.
      utimes(path, seconds, seconds).catch(() => undefined);
    }, TOUCH_MS);
    this.#timer.unref();
  }

  release(): void {
    clearInterval(this.#timer);
    try {
      const owner = ownerSchema.parse(
        JSON.parse(readFileSync(this.#path, 'utf8')),
      );
      if (owner.token === this.#token) unlinkSync(this.#path);
    } catch {
      // Not there or not ours: nothing to release.
    }
  }
}

async function readOwner(path: string): Promise<Owner | undefined> {
  try {
    return ownerSchema.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch {
    return undefined;
  }
}

async function isAlive(
  path: string,
  holder: Owner,
  now: number,
): Promise<boolean> {
  if (holder.hostname !== hostname()) {
    const touched = await stat(path).catch(() => undefined);
    return touched !== undefined && now - touched.mtimeMs < STALE_MS;
  }
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    // A process of someone else is one all the same.
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  const started = processStart(holder.pid);
  return (
    started === null ||
    holder.processStart === null ||
    started === holder.processStart
  );
}

/** Linux tells; elsewhere the number of the process must do. */
function processStart(pid: number): string | null {
  try {
    const status = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name, in parentheses, may hold anything; the start time is the twentieth field behind it.
    return status.slice(status.lastIndexOf(')') + 2).split(' ')[19] ?? null;
  } catch {
    return null;
  }
}
