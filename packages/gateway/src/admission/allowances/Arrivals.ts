import type { Amounts } from './Amounts';

/** How much the newest request counts in what one takes on average. */
const WEIGHT = 1 / 8;

/** How many requests come in a span of time, and what one of them takes, by those that came last. */
export class Arrivals {
  readonly #spanMs: number;
  #began = -Infinity;
  #count = 0;
  #before = 0;
  #tokens = 0;
  #money = 0;

  constructor(spanMs: number) {
    this.#spanMs = spanMs;
  }

  /** @param now - by the monotonic clock, in milliseconds */
  note(tokens: number, money: number, now: number): void {
    const passed = now - this.#began;
    if (passed >= this.#spanMs) {
      // After a span without any, those before it say nothing.
      const isNext = passed < 2 * this.#spanMs;
      if (this.#count === 0 && this.#before === 0) {
        this.#tokens = tokens;
        this.#money = money;
      }
      this.#before = isNext ? this.#count : 0;
      this.#count = 0;
      this.#began = isNext ? this.#began + this.#spanMs : now;
    }
    this.#count += 1;
    this.#tokens += (tokens - this.#tokens) * WEIGHT;
    this.#money += (money - this.#money) * WEIGHT;
  }

  /** In a span such as the one that was noted last. */
  get expected(): number {
    return Math.max(this.#count, this.#before);
  }

  /** What a request takes on average. */
  get mean(): Amounts {
    return { requests: 1, tokens: this.#tokens, money: this.#money };
  }
}
