import { write, writeSync } from 'node:fs';
import { GrowingMemory } from '../metering/GrowingMemory';
import { lineTargetOf, type LineTarget } from './LineTarget';

/** A write begins no sooner than so long after the one before, so that lines of busy times share one. */
const PACE_MS = 20;
const RETRY_MS = 10;
/** What is written in one turn where a write comes back at once. */
const MOST_AT_ONCE = 262_144;
const LF = 0x0a;
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

interface Flushing {
  /** By its number. */
  readonly batch: number;
  readonly callback: () => void;
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
 * Lines are put together in one buffer while those of another are written: both are used again and again. A write that is one of a hundred
 * lines takes hardly more than one of a single line. What takes them at once, as a file does and a pipe that has room, is written to at
 * once; whatever else may keep a writer waiting, and is written to by the thread pool ({@link LineTarget}). Of what is written to a pipe,
 * lines of up to 4 KB stay whole when other processes write to it as well.
 *
 * When the process ends, what has gathered is written at once; should it end by a bug while a write is under way, perhaps before what that
 * writes. Only one that is killed, or crashes in native code, loses its last lines: those of up to 20 ms, and those on their way.
 *
 * While nobody takes them, lines wait, up to so many bytes. What comes then is given up, and how much that was is told as soon as lines are
 * taken again. What cannot be written at all, since nobody reads any more or the disk is full, is given up without a word: there is nobody
 * to tell.
 */
export class LineWriter {
  readonly #target: LineTarget;
  readonly #mostBytes: number;
  #gathering = emptyLines();
  #writing = emptyLines();
  #state: 'idle' | 'waiting' | 'writing' = 'idle';
  #beganAt = -Infinity;
  /** What of those that are being written is written, and whether the thread pool has more of it. */
  #writtenTo = 0;
  #isInFlight = false;
  /** The number of those that are gathering; of those that are being written it is one less. */
  #batch = 0;
  #flushing: Flushing[] = [];
  #lost = 0;
  readonly #onLost: (lines: number) => void;

  static create(options: LineWriterOptions): LineWriter {
    const writer = new LineWriter(options);
    process.on('exit', () => writer.flushSync());
    return writer;
  }

  private constructor({ fd, mostBytes, onLost }: LineWriterOptions) {
    this.#target = lineTargetOf(fd);
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

  /** Calls back once all that has been taken so far is written, whatever comes meanwhile. */
  flush(callback: () => void): void {
    if (this.#state === 'idle') {
      callback();
      return;
    }
    const isGathering = this.#gathering.length > 0;
    this.#flushing.push({
      batch: isGathering ? this.#batch : this.#batch - 1,
      callback,
    });
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
    let written = from;
    while (written < lines.length) {
      try {
        written += this.#writePiece(lines, written);
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
    this.#batch += 1;
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
    this.#writtenTo = from;
    if (from >= this.#writing.length) this.#end();
    else if (this.#target.isPrompt) this.#writeNow();
    else this.#writeLater();
  }

  #writeNow(): void {
    const stopAt = this.#writtenTo + MOST_AT_ONCE;
    try {
      while (this.#writtenTo < this.#writing.length) {
        if (this.#writtenTo >= stopAt) {
          setImmediate(() => this.#goOn());
          return;
        }
        this.#writtenTo += this.#writePiece(this.#writing, this.#writtenTo);
      }
    } catch (error) {
      if (isBusy(error)) {
        setTimeout(() => this.#goOn(), RETRY_MS);
        return;
      }
    }
    this.#end();
  }

  #writeLater(): void {
    const { memory, length } = this.#writing;
    const from = this.#writtenTo;
    const { bytes } = memory;
    const piece = this.#pieceEnd(bytes, from, length) - from;
    this.#isInFlight = true;
    write(this.#target.fd, bytes, from, piece, (error, written) => {
      this.#isInFlight = false;
      if (!error) this.#writeFrom(from + written);
      else if (isBusy(error)) setTimeout(() => this.#goOn(), RETRY_MS);
      else this.#end();
    });
  }

  #goOn(): void {
    this.#writeFrom(this.#writtenTo);
  }

  #writePiece({ memory: { bytes }, length }: Lines, from: number): number {
    const piece = this.#pieceEnd(bytes, from, length) - from;
    return writeSync(this.#target.fd, bytes, from, piece);
  }

  /** Where whole lines end that stay together; after one line if that alone is too long for it. */
  #pieceEnd(bytes: Buffer, from: number, length: number): number {
    const { togetherBytes } = this.#target;
    if (length - from <= togetherBytes) return length;
    const last = bytes.lastIndexOf(LF, from + togetherBytes - 1);
    if (last >= from) return last + 1;
    const end = bytes.indexOf(LF, from + togetherBytes);
    return end < 0 || end >= length ? length : end + 1;
  }

  #end(): void {
    this.#writing.length = 0;
    this.#writing.memory.clear();
    this.#tellFlushed();
    if (this.#gathering.length === 0) this.#state = 'idle';
    else if (this.#flushing.length > 0) this.#begin();
    else this.#wait();
  }

  #tellFlushed(): void {
    const written = this.#batch - 1;
    for (;;) {
      const [next] = this.#flushing;
      if (!next || next.batch > written) return;
      this.#flushing.shift();
      next.callback();
    }
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
