/** When much comes, a write begins at the latest so long after the one before began, unless that is still under way. */
const PACE_MS = 2;
/** Much comes when so many entries have come within so long: an intent and an event a millisecond. */
const CROWD = 32;
const CROWD_MS = 16;

/**
 * When to write to the disk next. To make a write last takes some hundred microseconds of the processor, whether it is of one event or of
 * fifty: a gateway that has other things to do gathers them for a moment longer, while one that has not has no reason to wait.
 *
 * Times are in milliseconds, by the clock that never goes back.
 */
export class Pace {
  /** When the last entries came, the oldest at `#next`. */
  readonly #cameAt = new Float64Array(CROWD).fill(-Infinity);
  #next = 0;
  #begunAt = -Infinity;
  /** Whether any came since `isDue` was asked. */
  #someCame = false;

  /** An entry is here. */
  came(now: number): void {
    this.#cameAt[this.#next] = now;
    this.#next = (this.#next + 1) % CROWD;
    this.#someCame = true;
  }

  /** A write begins. */
  begins(now: number): void {
    this.#begunAt = now;
  }

  /** How much is left of an interval that began with the last write. */
  restOf(intervalMs: number, now: number): number {
    return Math.max(0, this.#begunAt + intervalMs - now);
  }

  /** Whether so little comes that nothing is gained by gathering it. */
  isQuiet(now: number): boolean {
    return now - this.#cameAt[this.#next] > CROWD_MS;
  }

  /**
   * Whether the next write should begin; to be asked at the end of a turn of the event loop, once. A turn in which nothing came is taken for
   * a sign that there is little else to do.
   */
  isDue(now: number): boolean {
    const idle = !this.#someCame;
    this.#someCame = false;
    return idle || now >= this.#begunAt + PACE_MS || this.isQuiet(now);
  }
}
