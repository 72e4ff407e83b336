import {
  MAX_AMOUNT,
  windowEndOf,
  windowStartOf,
  type BudgetWindow,
} from '@ai-gateway/backstage-plugin-ai-gateway-node';
import type { LimiterTime } from '../clock';
import type { Clearing, Standing } from '../figures';
import { LEDGER_LAG_MS, RETRY_SOON_MS, type HoldEntry } from '../Limiter';
import { EXPIRY_SLICE_MS, expirySliceOf, Slices } from '../slices';
import type { CounterState, HoldTimes, Settlement } from './CounterState';

/** What was settled in a window, and what is reserved; see `Limiter`. */
export class BudgetState implements CounterState {
  readonly #window: BudgetWindow;
  #windowStart: number;
  #spent = 0;
  /** `null`: not yet in this window. */
  #seededAt: number | null = null;
  /** When something was last settled while it was not seeded; that is in `#spent`. */
  #strayAt: number | null = null;
  /** By the slice with which they lapse. */
  readonly #reserved = new Slices();

  constructor(window: BudgetWindow, time: LimiterTime) {
    this.#window = window;
    this.#windowStart = windowStartOf(window, time.calendar);
  }

  get seeded(): boolean {
    return this.#seededAt !== null;
  }

  get spent(): number {
    return this.#spent;
  }

  get windowStart(): number {
    return this.#windowStart;
  }

  advanceTo({ now, calendar }: LimiterTime): void {
    const start = windowStartOf(this.#window, calendar);
    if (start > this.#windowStart) {
      // After a whole window in which nobody looked, others may know more.
      if (start !== windowEndOf(this.#window, this.#windowStart)) {
        this.#seededAt = null;
      }
      this.#windowStart = start;
      this.#spent = 0;
      this.#strayAt = null;
      this.#reserved.clear();
    }
    this.#reserved.drop(slice => slice * EXPIRY_SLICE_MS <= now);
  }

  standing({ calendar }: LimiterTime): Standing {
    const end = windowEndOf(this.#window, this.#windowStart);
    return {
      spent: this.#spent,
      reserved: this.#reserved.total,
      resetMs: end === null ? null : end - calendar,
      windowStart: this.#windowStart,
    };
  }

  clearing(time: LimiterTime, limit: number, least: number): Clearing {
    const end = windowEndOf(this.#window, this.#windowStart);
    const untilEnd = end === null ? null : end - time.calendar;
    if (least > limit) return { clearsInMs: null, retryAfterMs: null };
    if (least > limit - this.#spent) {
      return { clearsInMs: untilEnd, retryAfterMs: untilEnd };
    }
    const slice = this.#reserved.freeing(
      least - (limit - this.#spent - this.#reserved.total),
    );
    if (slice === undefined) {
      throw new TypeError('What fits without reservations is freed by them');
    }
    const lapse = slice * EXPIRY_SLICE_MS - time.now;
    const clearsInMs = untilEnd === null ? lapse : Math.min(lapse, untilEnd);
    return { clearsInMs, retryAfterMs: Math.min(clearsInMs, RETRY_SOON_MS) };
  }

  reserve(hold: HoldTimes, granted: number): void {
    this.#reserved.add(expirySliceOf(hold.expiresAt), granted);
  }

  settle(settlement: Settlement): void {
    const { hold, entry, actual, known, settledAt, time } = settlement;
    if (entry.windowStart !== this.#windowStart) return;
    if (known && hold.expiresAt > time.now) {
      this.#reserved.take(expirySliceOf(hold.expiresAt), entry.granted);
    }
    // What was settled long before the ledger was asked, or will be asked, is in what it says.
    if (settledAt + LEDGER_LAG_MS <= (this.#seededAt ?? time.now)) return;
    this.#spent += Math.min(actual, MAX_AMOUNT - this.#spent);
    if (this.#seededAt === null) this.#strayAt = time.now;
  }

  trim(
    hold: HoldTimes,
    { granted, windowStart }: HoldEntry,
    kept: number,
    { now }: LimiterTime,
  ): void {
    if (windowStart !== this.#windowStart || hold.expiresAt <= now) return;
    this.#reserved.take(expirySliceOf(hold.expiresAt), granted - kept);
  }

  renew(
    hold: HoldTimes,
    entry: HoldEntry,
    expiresAt: number,
    live: boolean,
  ): void {
    if (entry.windowStart !== this.#windowStart) return;
    if (live) this.#reserved.take(expirySliceOf(hold.expiresAt), entry.granted);
    this.#reserved.add(expirySliceOf(expiresAt), entry.granted);
  }

  seed(spent: number, exact: boolean, { now }: LimiterTime): void {
    if (this.#seededAt !== null && !exact) {
      this.#spent = Math.max(this.#spent, spent);
      return;
    }
    const stray =
      !exact && this.#strayAt !== null && this.#strayAt + LEDGER_LAG_MS > now
        ? this.#spent
        : 0;
    this.#spent = spent + Math.min(stray, MAX_AMOUNT - spent);
    this.#seededAt = now;
    this.#strayAt = null;
  }

  forget(): void {
    this.#spent = 0;
    this.#seededAt = null;
    this.#strayAt = null;
  }

  isIdle({ calendar }: LimiterTime): boolean {
    const end = windowEndOf(this.#window, this.#windowStart);
    if (end === null) return false;
    const nextEnd = windowEndOf(this.#window, end);
    return nextEnd !== null && calendar >= nextEnd;
  }
}
