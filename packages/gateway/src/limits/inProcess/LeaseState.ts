import type { LimiterTime } from '../clock';
import type { Clearing, Standing } from '../figures';
import { RETRY_SOON_MS, type HoldEntry } from '../Limiter';
import { EXPIRY_SLICE_MS, expirySliceOf, Slices } from '../slices';
import type { CounterState, HoldTimes, Settlement } from './CounterState';

/** The holds that live. */
export class LeaseState implements CounterState {
  readonly seeded = true;
  readonly #expiries = new Map<string, number>();
  /** How many end with each slice. */
  readonly #endings = new Slices();

  advanceTo({ now }: LimiterTime): void {
    if (!this.#endings.drop(slice => slice * EXPIRY_SLICE_MS <= now)) return;
    for (const [id, expiresAt] of this.#expiries) {
      if (expiresAt <= now) this.#expiries.delete(id);
    }
  }

  standing(): Standing {
    return {
      spent: 0,
      reserved: this.#expiries.size,
      resetMs: null,
      windowStart: null,
    };
  }

  clearing({ now }: LimiterTime, limit: number, least: number): Clearing {
    const slice =
      least > limit
        ? undefined
        : this.#endings.freeing(least - (limit - this.#expiries.size));
    if (slice === undefined) return { clearsInMs: null, retryAfterMs: null };
    const clearsInMs = slice * EXPIRY_SLICE_MS - now;
    return { clearsInMs, retryAfterMs: Math.min(clearsInMs, RETRY_SOON_MS) };
  }

  reserve(hold: HoldTimes): void {
    this.#set(hold.id, hold.expiresAt);
  }

  settle({ hold }: Settlement): void {
    this.#delete(hold.id);
  }

  trim(): void {
    // It is one request whatever that takes.
  }

  renew(hold: HoldTimes, _entry: HoldEntry, expiresAt: number): void {
    this.#set(hold.id, expiresAt);
  }

  isIdle({ now }: LimiterTime): boolean {
    const { newest } = this.#endings;
    return newest === undefined || newest * EXPIRY_SLICE_MS <= now;
  }

  #set(id: string, expiresAt: number): void {
    this.#delete(id);
    this.#expiries.set(id, expiresAt);
    this.#endings.add(expirySliceOf(expiresAt), 1);
  }

  #delete(id: string): void {
    const expiresAt = this.#expiries.get(id);
    if (expiresAt === undefined) return;
    this.#expiries.delete(id);
    this.#endings.take(expirySliceOf(expiresAt), 1);
  }
}
