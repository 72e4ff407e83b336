import type { LimiterTime } from '../clock';
import type { Clearing, Standing } from '../figures';
import type { HoldEntry } from '../Limiter';
import { rateLapseOf, sliceOf, Slices } from '../slices';
import type { CounterState, HoldTimes, Settlement } from './CounterState';

/** A sliding minute; see `Limiter`. */
export class RateState implements CounterState {
  readonly seeded = true;
  readonly #booked = new Slices();

  advanceTo({ now }: LimiterTime): void {
    this.#booked.drop(slice => rateLapseOf(slice) <= now);
  }

  standing({ now }: LimiterTime): Standing {
    const { newest } = this.#booked;
    return {
      spent: this.#booked.total,
      reserved: 0,
      resetMs: newest === undefined ? 0 : rateLapseOf(newest) - now,
      windowStart: null,
    };
  }

  clearing({ now }: LimiterTime, limit: number, least: number): Clearing {
    const slice =
      least > limit
        ? undefined
        : this.#booked.freeing(least - (limit - this.#booked.total));
    const inMs = slice === undefined ? null : rateLapseOf(slice) - now;
    return { clearsInMs: inMs, retryAfterMs: inMs };
  }

  reserve(hold: HoldTimes, granted: number): void {
    this.#booked.add(sliceOf(hold.admittedAt), granted);
  }

  settle({ hold, entry, actual, known, time: { now } }: Settlement): void {
    const { granted } = entry;
    const slice = admissionSliceOf(hold, now);
    const counts = rateLapseOf(slice) > now;
    if (known && counts && actual < granted) {
      this.#booked.take(slice, granted - actual);
    }
    if (!known && counts) this.#booked.add(slice, Math.min(actual, granted));
    if (actual > granted) this.#booked.add(sliceOf(now), actual - granted);
  }

  trim(
    hold: HoldTimes,
    { granted }: HoldEntry,
    kept: number,
    { now }: LimiterTime,
  ): void {
    const slice = admissionSliceOf(hold, now);
    if (rateLapseOf(slice) > now) this.#booked.take(slice, granted - kept);
  }

  renew(): void {
    // It was admitted once.
  }

  isIdle({ now }: LimiterTime): boolean {
    const { newest } = this.#booked;
    return newest === undefined || rateLapseOf(newest) <= now;
  }
}

/** Where the amount of a hold is booked. The store's clock began anew if the admission is ahead of it. */
function admissionSliceOf({ admittedAt }: HoldTimes, now: number): number {
  return Math.min(sliceOf(admittedAt), sliceOf(now));
}
