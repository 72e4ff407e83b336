import type { LimiterTime } from '../clock';
import type { Clearing, Standing } from '../figures';
import type { HoldEntry } from '../Limiter';

/** A hold, as far as its counters need to know it. */
export interface HoldTimes {
  readonly id: string;
  readonly admittedAt: number;
  readonly expiresAt: number;
}

/** How a hold is settled. */
export interface Settlement {
  readonly hold: HoldTimes;
  readonly entry: HoldEntry;
  readonly actual: number;
  /** Whether the store knows the hold, and so has booked it; it may have lost it. */
  readonly known: boolean;
  readonly settledAt: number;
  readonly time: LimiterTime;
}

/** What is kept for one counter. `advanceTo` comes before everything else but `isIdle`. */
export interface CounterState {
  /** Lets lapse what has lapsed, and passes into the window that it is now. */
  advanceTo(time: LimiterTime): void;
  /** Whether what it says is all that was spent. */
  readonly seeded: boolean;
  standing(time: LimiterTime): Standing;
  /** When `least` would fit, which does not now. */
  clearing(time: LimiterTime, limit: number, least: number): Clearing;
  reserve(hold: HoldTimes, granted: number): void;
  settle(settlement: Settlement): void;
  /** Gives back what an entry has above `kept`. */
  trim(
    hold: HoldTimes,
    entry: HoldEntry,
    kept: number,
    time: LimiterTime,
  ): void;
  renew(
    hold: HoldTimes,
    entry: HoldEntry,
    expiresAt: number,
    live: boolean,
  ): void;
  /** Whether nothing is lost if it is dropped. */
  isIdle(time: LimiterTime): boolean;
}
