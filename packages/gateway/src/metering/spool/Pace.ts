/** How often the disk is written to when events come thick and fast. */
const PACE_MS = 2;
/** They do when so many have come within so long: more than one a millisecond. */
const CROWD = 16;
const CROWD_MS = 16;

/**
 * When to write to the disk next. To make a write last takes some hundred microseconds of the processor, whether it is of one event or of
 * fifty: a busy gateway gathers them for a moment longer, while one that is not busy has no reason to wait.
 *
 * Times are in milliseconds, by the clock that never goes back.
 */
export class Pace {
  /** When the last events came, the oldest at `#next`. */
  readonly #cameAt = new Float64Array(CROWD).fill(-Infinity);
  #next = 0;
  #begunAt = -Infinity;

  /** An event is here. */
  came(now: number): void {
    this.#cameAt[this.#next] = now;
    this.#next = (this.#next + 1) % CROWD;
  }

  /** A write begins. */
  begins(now: number): void {
    this.#begunAt = now;
  }

  /** For how long the next write should wait. */
  waitMs(now: number): number {
    if (now - this.#cameAt[this.#next] > CROWD_MS) return 0;
    return Math.max(0, this.#begunAt + PACE_MS - now);
  }
}
