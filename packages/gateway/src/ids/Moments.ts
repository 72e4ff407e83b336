/** Moments, each after the one before: a time in milliseconds since the epoch, and a counter within it. */
export class Moments {
  time = -1;
  counter = 0;
  readonly #now: () => number;
  readonly #seed: () => number;
  readonly #end: number;

  /**
   * @param now - milliseconds since the epoch; while it stands before the last moment's time, that time goes on to count
   * @param seed - what a counter starts from, less than half of what there is
   * @param bits - of the counter; when all are used up, the next millisecond begins before its time
   */
  constructor(now: () => number, seed: () => number, bits: number) {
    this.#now = now;
    this.#seed = seed;
    this.#end = 2 ** bits;
  }

  /** Goes on to the next moment. @returns whether its time is another */
  advance(): boolean {
    const at = this.#now();
    if (at > this.time) return this.#begin(at);
    if (this.counter + 1 === this.#end) return this.#begin(this.time + 1);
    this.counter += 1;
    return false;
  }

  #begin(time: number): true {
    this.time = time;
    this.counter = this.#seed();
    return true;
  }
}
