/** There are so many for a model that has had few requests, and one more each second up to that. */
const FLOOR = 10;
/** What has gone well for long is no reason to flood what fails now. */
const MOST = 100;

/**
 * How many retries there may be: of so many requests in a hundred, and a few. Once what is asked fails for good, retries would multiply the
 * load on it by the number of attempts; so they add a part to it at most.
 *
 * A token bucket: each request puts a part of a token in, each second one up to the floor, and a retry takes one out.
 */
export class RetryBudget {
  #tokens = FLOOR;
  #at: number;

  /** @param now - milliseconds of the clock that never goes back */
  constructor(now: number) {
    this.#at = now;
  }

  /** A request was made. */
  request(percent: number): void {
    this.#tokens = Math.min(MOST, this.#tokens + percent / 100);
  }

  /** Whether a retry may be made; it then counts as made. */
  take(now: number): boolean {
    const seconds = Math.max(0, now - this.#at) / 1_000;
    this.#at = now;
    if (this.#tokens < FLOOR) {
      this.#tokens = Math.min(FLOOR, this.#tokens + seconds);
    }
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }
}
