import { write, writeSync } from 'node:fs';
import { GrowingMemory } from '../metering/GrowingMemory';

/** A write begins no sooner than so long after the one before, so that lines of busy times share one. */
const PACE_MS = 20;
const RETRY_MS = 10;
/** How long the end of the process is held up by one who does not take the last lines. */
const PATIENCE_MS = 1_000;

export interface LineWriterOptions {
  /** A file descriptor that stays open. */
  readonly fd: number;
  /** As many bytes wait for one who does not take them, and a line more. */
  readonly mostBytes: number;
  /** Told how many lines were given up, once others are taken again. */
  readonly onLost: (lines: number) => void;
}

interface Lines {
  readonly memory: GrowingMemory;
  length: number;
}

/**
 * Writes lines to a file, a pipe or a terminal, in their order, and holds up nobody.
 *
 * ```
 *        write                       the turn is over, and 20 ms since the last write began
 *  idle ───────► gathering ────────────────────────────────────────────────────────► writing ──► gathering or idle
 *                    ▲                                                                  │
 *                    └───────────────────── what comes meanwhile ───────────────────────┘
 * ```
 *
 * Lines are put together in one buffer while those of another are written by the thread pool: both are used again and again. A write that
 * is one of a hundred lines takes hardly more than one of a single line.
 *
 * When the process ends, what has gathered is written at once; should it end by a bug while a write is under way, perhaps before what that
 * writes. Only one that is killed, or crashes in native code, loses its last lines: those of up to 20 ms, and those on their way.
 *
 * While nobody takes them, lines wait, up to so many bytes. What comes then is given up, and how much that was is told as soon as lines are
 * taken again. What cannot be written at all, since nobody reads any more or the disk is full, is given up without a word: there is nobody
 * to tell.
 */
export class LineWriter {
  readonly #fd: number;
  readonly #mostBytes: number;
  #gathering = emptyLines();
  #writing = emptyLines();
  #state: 'idle' | 'waiting' | 'writing' = 'idle';
  #beganAt = -Infinity;
  /** What of those that are being written is written, and whether the thread pool has the rest. */
  #writtenTo = 0;
  #isInFlight = false;
  #flushed: Array<() => void> = [];
  #lost = 0;
  readonly #onLost: (lines: number) => void;

  static create(options: LineWriterOptions): LineWriter {
    const writer = new LineWriter(options);
    process.on('exit', () => writer.flushSync());
    return writer;
  }

  private constructor({ fd, mostBytes, onLost }: LineWriterOptions) {
    this.#fd = fd;
    this.#mostBytes = mostBytes;
    this.#onLost = onLost;
  }

  /** Takes a line, with its end. */
  write(line: string): void {
    const { memory, length } = this.#gathering;
    if (length > this.#mostBytes) {
      this.#lost += 1;
      return;
    }
    // A character of JavaScript is up to three bytes.
    const bytes = memory.withRoom(length + 3 * line.length, length);
    this.#gathering.length += bytes.write(line, length);
    if (this.#state === 'idle') this.#wait();
  }

  /** Calls back once all that has been taken so far is written. */
  flush(callback: () => void): void {
    if (this.#state === 'idle') {
      callback();
      return;
    }
    this.#flushed.push(callback);
    if (this.#state === 'waiting') this.#begin();
  }

  /** Writes what has gathered, before anything else happens. */
  flushSync(): void {
    const until = performance.now() + PATIENCE_MS;
    // What is in the hands of the thread pool cannot be taken back, and may come after it.
    if (this.#state === 'writing' && !this.#isInFlight) {
      this.#writeSync(this.#writing, this.#writtenTo, until);
    }
    this.#writeSync(this.#gathering, 0, until);
  }

  #writeSync(lines: Lines, from: number, until: number): void {
    const { memory, length } = lines;
    const { bytes } = memory;
    let written = from;
    while (written < length) {
      try {
        written += writeSync(this.#fd, bytes, written, length - written);
      } catch (error) {
        if (!isBusy(error) || performance.now() > until) break;
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, RETRY_MS);
      }
    }
    lines.length = 0;
  }

  #wait(): void {
    this.#state = 'waiting';
    const dueInMs = this.#beganAt + PACE_MS - performance.now();
    const begin = () => {
      if (this.#state === 'waiting') this.#begin();
    };
    if (dueInMs <= 0) setImmediate(begin);
    else setTimeout(begin, dueInMs);
  }

  #begin(): void {
    this.#state = 'writing';
    this.#beganAt = performance.now();
    [this.#gathering, this.#writing] = [this.#writing, this.#gathering];
    if (this.#lost > 0) {
      const lost = this.#lost;
      this.#lost = 0;
      // There is room for that again, and not before.
      this.#onLost(lost);
    }
    this.#writeFrom(0);
  }

  #writeFrom(from: number): void {
    const { memory, length } = this.#writing;
    if (from >= length) {
      this.#end();
      return;
    }
    this.#writtenTo = from;
    this.#isInFlight = true;
    write(this.#fd, memory.bytes, from, length - from, (error, written) => {
      this.#isInFlight = false;
      if (!error) this.#writeFrom(from + written);
      else if (isBusy(error)) setTimeout(() => this.#writeFrom(from), RETRY_MS);
      else this.#end();
    });
  }

  #end(): void {
    this.#writing.length = 0;
    this.#writing.memory.clear();
    const isAll = this.#gathering.length === 0;
    if (isAll) this.#state = 'idle';
    else if (this.#flushed.length > 0) this.#begin();
    else this.#wait();
    if (isAll) for (const callback of this.#flushed.splice(0)) callback();
  }
}

function emptyLines(): Lines {
  return {
    memory: new GrowingMemory({ firstBytes: 16_384, keptBytes: 262_144 }),
    length: 0,
  };
}

/** A pipe that is full, and that its owner has told not to wait. */
function isBusy(error: unknown): boolean {
  return (
    typeof error === 'object' &&
    error !== null &&
    'code' in error &&
    (error.code === 'EAGAIN' || error.code === 'EBUSY')
  );
}
