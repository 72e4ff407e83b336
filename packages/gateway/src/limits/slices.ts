import { MAX_AMOUNT } from '@ai-gateway/backstage-plugin-ai-gateway-node';

/** What a rate admits is added up in slices of this length, so that a counter is bounded however many requests there are. */
export const SLICE_MS = 1000;

/** Holds end with a whole one of these, so that a budget keeps few slices of what lapses when. */
export const EXPIRY_SLICE_MS = 5000;

/** The sliding window of a rate. */
export const RATE_WINDOW_MS = 60_000;

/** The slice of a rate that an instant is in. */
export function sliceOf(at: number): number {
  return Math.floor(at / SLICE_MS);
}

/** When what is booked in a slice of a rate is out of its window: all of the slice is older than the window then. */
export function rateLapseOf(slice: number): number {
  return (slice + 1) * SLICE_MS + RATE_WINDOW_MS;
}

/** When a hold ends that is to live so long: no sooner, and with a whole slice. */
export function expiryOf(now: number, ttlMs: number): number {
  return Math.ceil((now + ttlMs) / EXPIRY_SLICE_MS) * EXPIRY_SLICE_MS;
}

/** The slice that ends with a hold. */
export function expirySliceOf(expiresAt: number): number {
  return Math.floor(expiresAt / EXPIRY_SLICE_MS);
}

/**
 * Amounts in slices of time, oldest first, and their sum.
 *
 * The sum stops at `MAX_AMOUNT`, what is beyond is left out: no limit is above it.
 */
export class Slices {
  readonly #slices: number[] = [];
  readonly #amounts: number[] = [];
  #total = 0;

  get total(): number {
    return this.#total;
  }

  /** How many there are. */
  get size(): number {
    return this.#slices.length;
  }

  get newest(): number | undefined {
    return this.#slices.at(-1);
  }

  add(slice: number, asked: number): void {
    const amount = Math.min(asked, MAX_AMOUNT - this.#total);
    if (amount === 0) return;
    this.#total += amount;
    const at = this.#positionOf(slice);
    if (this.#slices[at] === slice) {
      this.#amounts[at] += amount;
    } else {
      this.#slices.splice(at, 0, slice);
      this.#amounts.splice(at, 0, amount);
    }
  }

  /** Takes out at most what is there. */
  take(slice: number, asked: number): void {
    const at = this.#positionOf(slice);
    if (this.#slices[at] !== slice) return;
    const amount = Math.min(asked, this.#amounts[at]);
    this.#total -= amount;
    this.#amounts[at] -= amount;
    if (this.#amounts[at] === 0) {
      this.#slices.splice(at, 1);
      this.#amounts.splice(at, 1);
    }
  }

  /** Drops the oldest, as long as they have lapsed; says whether there were any. */
  drop(hasLapsed: (slice: number) => boolean): boolean {
    let lapsed = 0;
    while (lapsed < this.#slices.length && hasLapsed(this.#slices[lapsed])) {
      this.#total -= this.#amounts[lapsed];
      lapsed += 1;
    }
    this.#slices.splice(0, lapsed);
    this.#amounts.splice(0, lapsed);
    return lapsed > 0;
  }

  clear(): void {
    this.#slices.length = 0;
    this.#amounts.length = 0;
    this.#total = 0;
  }

  /** The slice with whose lapse so much is free; `undefined`: all of them are not enough. */
  freeing(needed: number): number | undefined {
    let freed = 0;
    for (let at = 0; at < this.#slices.length; at += 1) {
      freed += this.#amounts[at];
      if (freed >= needed) return this.#slices[at];
    }
    return undefined;
  }

  /** Where a slice is or would be. From the end, where it mostly is. */
  #positionOf(slice: number): number {
    let at = this.#slices.length;
    while (at > 0 && this.#slices[at - 1] >= slice) at -= 1;
    return at;
  }
}
