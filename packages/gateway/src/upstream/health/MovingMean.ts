/** How long it takes until what was seen before counts for little. */
const TIME_CONSTANT_MS = 10_000;
/** Of many that come at once, each counts for so much at least. */
const LEAST_WEIGHT = 0.05;

/**
 * An exponentially weighted mean of what was seen of late. The first few count alike, so that a slow start is soon forgotten; and what comes
 * after a long silence counts for nearly all, so that one look at something that has changed is enough.
 */
export class MovingMean {
  #mean: number | null = null;
  #count = 0;
  #at = 0;

  /** `null` when nothing has been seen. */
  get value(): number | null {
    return this.#mean;
  }

  /** @param now - milliseconds of the clock that never goes back */
  add(value: number, now: number): void {
    this.#count += 1;
    const weight = Math.max(
      LEAST_WEIGHT,
      1 / this.#count,
      1 - Math.exp(-(now - this.#at) / TIME_CONSTANT_MS),
    );
    this.#mean = (this.#mean ?? 0) * (1 - weight) + value * weight;
    this.#at = now;
  }
}
