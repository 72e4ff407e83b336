import type {
  BudgetWindow,
  DegradedMode,
  LimitCounter,
} from '@ai-gateway/backstage-plugin-ai-gateway-node';

/**
 * Reserves before a request, settles after it, on all levels at once.
 *
 * # What is counted
 *
 * A *counter* is a subject, a measure and a window. By its window it is one of three things:
 *
 * - **Rate** (`minute`), a sliding log in slices of one second, after the sliding window log of
 *   https://blog.cloudflare.com/counting-things-a-lot-of-different-things/ with slices in place of single requests. An amount is booked
 *   in the slice of its admission, and counts until the whole slice is more than 60 s old, so for 60 to 61 s. Not GCRA and not two
 *   weighted buckets: both admit more than the limit in some spans of a minute.
 *   *Guarantee*: of the requests admitted in any span of 60 s, the amounts reserved, or settled where that is less, come to no more than
 *   the limit in force at the last admission. What a settled request took beyond its reservation is booked when that is known, and so is
 *   in the way of later ones; nothing is let through for having been underestimated.
 *   A lapsed hold stays booked: it probably reached an upstream, and is out of the way in a minute.
 * - **Budget** (`day`, `week`, `month` in UTC, and `total`): what was settled in the window, and what is reserved by holds that live.
 *   *Guarantee*: settled and reserved together never exceed the limit that they were admitted under, unless a request settles at more
 *   than it reserved. A request counts in the window in which it was admitted, as in the ledger.
 * - **Leases** (`none`, for concurrency): a set of holds that live. Not a number that goes up and down, so nothing can drift.
 *
 * # The life of a hold
 *
 * ```
 *            reserve                    settle, release
 *   (none) ───────────► live ─────────────────────────────► closed ──► forgotten
 *                        │  ▲                                  ▲
 *                 expiry │  │ renew                            │ settle, release
 *                        ▼  │                                  │
 *                       lapsed ────────────────────────────────┘
 * ```
 *
 * - `reserve` is all or nothing. The same id again while the hold lives gives the same grants and takes nothing.
 * - `settle` puts the actual amounts in place of the reserved ones, more or less. A second `settle` or `release` does nothing.
 * - A hold that is neither settled nor renewed lapses: its budget reservations and leases are free from that instant on, without anybody
 *   doing anything. What it spent is not lost: settling a lapsed hold books the actual amounts, once.
 * - A closed or lapsed hold is remembered for {@link HOLD_MEMORY_MS} after its expiry. A `Hold` carries its own entries, so that one whose
 *   memory the store lost can be settled within that time all the same. After it, nobody can tell whether it was settled:
 *   `settle` then books nothing and says `too-late`; the ledger has the amount, and {@link Limiter.seed} brings it back.
 * - `trim` gives back a part of what is reserved and keeps the hold, live or lapsed. It only ever lowers: what it then has is settled,
 *   renewed and trimmed again as if no more had been reserved, so that nothing is given back twice. Leases are not touched, nor is what was
 *   closed. Of a hold whose memory the store lost nothing is there to be given back; the copy that comes back has the lower amounts.
 * - `renew` keeps a hold alive, revives one that lapsed, and brings back one whose memory the store lost.
 *
 * The store goes by what it remembers of a hold, not by the copy that it is given, which may be older: what was trimmed stays so. Only a
 * measure that is not named when settling was used as reserved by the copy, for that is what who has it went by.
 *
 * # The ledger
 *
 * Budget counters are a cache of the ledger. One that the store does not know is never taken as zero: `reserve` takes nothing and
 * says which counters it `needs-seed` for; the caller asks the ledger and calls `seed`, then reserves again. Known counters pass into the
 * next window by themselves, beginning at zero; one that was idle for a whole window is unknown again.
 *
 * # Time
 *
 * See `clock.ts`: clocks that jump do not grant quota.
 *
 * # Limits
 *
 * Limits come with each request and are never stored: a change holds from the next request on and forgets nothing spent. To count without
 * limiting, reserve under `MAX_AMOUNT`. Amounts are whole numbers from 0 to `MAX_AMOUNT` (2⁵³ − 1); a counter that reaches it stays there,
 * which is beyond every limit.
 *
 * Refusals are values. What throws is a broken store, or a bug: a `TypeError` for amounts that are not whole, a counter that stands
 * twice, a repeat with other entries.
 */
export interface Limiter {
  reserve(request: ReserveRequest): Promise<ReserveResult>;
  settle(hold: Hold, actual: ActualAmounts): Promise<SettleResult>;
  /** As settling at nothing: for what never reached an upstream. */
  release(hold: Hold): Promise<SettleResult>;
  /**
   * Gives back what a hold has reserved beyond these amounts, in the order of its entries; an amount above what is granted means as granted.
   *
   * For what will not be used whatever comes of this: where the answer is lost, it may have been done all the same, though the hold comes
   * back as it was.
   *
   * @returns the hold as it is afterwards; as it was given, when it was closed
   */
  trim(hold: Hold, amounts: readonly number[]): Promise<Hold>;
  /**
   * Keeps holds alive for `ttlMs` from now on. What is `null` was closed before; others are as the store remembers them. In the order of
   * the holds.
   */
  renew(
    holds: readonly Hold[],
    ttlMs: number,
  ): Promise<readonly (Hold | null)[]>;
  /** Tells what the ledger says. In the order of the seeds. */
  seed(seeds: readonly Seed[]): Promise<readonly SeedResult[]>;
  /** Makes budget counters unknown again, reservations apart: for when amounts may be missing in them. */
  forget(counters: readonly BudgetCounterId[]): Promise<void>;
  /** In the order of the counters. */
  read(counters: readonly LimitCounter[]): Promise<readonly CounterReading[]>;
}

/** How long a hold is remembered after its expiry. */
export const HOLD_MEMORY_MS = 15 * 60_000;

/** The longest that a hold may live without being renewed; it bounds how many slices of reservations a counter has. */
export const MAX_TTL_MS = 15 * 60_000;

/**
 * How long after its settlement the ledger may still not hold an amount. Amounts that are settled late, after an outage, are left out of
 * counters that were seeded longer than this after it, for they are in the seed.
 */
export const LEDGER_LAG_MS = 10_000;

/** When to try again where only living holds stand in the way: they end at no known time, but mostly soon. */
export const RETRY_SOON_MS = 1000;

/** A counter whose spending the ledger can tell. */
export type BudgetCounterId = LimitCounter & { readonly window: BudgetWindow };

/** What a request asks of one counter. */
export interface ReserveEntry {
  readonly counter: LimitCounter;
  readonly limit: number;
  /** What is expected; 1 for concurrency. */
  readonly amount: number;
  /** What will do if less is left than `amount`, which is then granted in part; without it, `amount` whole. */
  readonly least?: number;
  /** For the limiter that goes on without the shared store; others do not look at it. */
  readonly whenDegraded?: DegradedMode;
}

export interface ReserveRequest {
  /** Unique to one admission; the same again is the same admission. */
  readonly holdId: string;
  /** Rounded up, so that the hold ends with a whole five seconds. */
  readonly ttlMs: number;
  /** In the order in which refusals are to be named. No counter twice. */
  readonly entries: readonly ReserveEntry[];
}

/** What was reserved. Plain data, that can be written down and settled by another process. */
export interface Hold {
  readonly id: string;
  /** In the store that others share, or in this process alone. */
  readonly store: 'shared' | 'local';
  /** By the store's clock, as is `expiresAt`. */
  readonly admittedAt: number;
  readonly expiresAt: number;
  readonly entries: readonly HoldEntry[];
}

export interface HoldEntry {
  readonly counter: LimitCounter;
  readonly granted: number;
  /** When the window of a budget began; `null` for others. */
  readonly windowStart: number | null;
}

/** Where a counter stands after an admission, or stood at a refusal. */
export interface EntryFigures {
  readonly counter: LimitCounter;
  readonly limit: number;
  /** Of a rate: all that is booked, settled or not. Of leases: 0. */
  readonly spent: number;
  /** Of leases: those that live. */
  readonly reserved: number;
  readonly remaining: number;
  /** Until all of the limit is there again, were nothing more asked; `null`: not foreseeable. */
  readonly resetMs: number | null;
  readonly windowStart: number | null;
}

export interface Violation extends EntryFigures {
  readonly asked: number;
  /** The least that would have done; as `asked`, when that was to be whole. */
  readonly least: number;
  /** The latest at which this will fit, were nothing more admitted; `null`: never, or not in this window that does not end. */
  readonly clearsInMs: number | null;
  /** When to try again; sooner than `clearsInMs` where only holds are in the way. `null`: no use. */
  readonly retryAfterMs: number | null;
}

export type ReserveResult =
  | {
      readonly outcome: 'admitted';
      readonly hold: Hold;
      /** The hold was there already. */
      readonly repeated: boolean;
      /** In the order of the entries. */
      readonly figures: readonly EntryFigures[];
    }
  | {
      readonly outcome: 'refused';
      /** All of them, in the order of the entries; at least one. */
      readonly violations: readonly [Violation, ...Violation[]];
    }
  | {
      readonly outcome: 'needs-seed';
      readonly needsSeed: readonly SeedNeed[];
    }
  /** The hold of this id was closed, or has lapsed: an id is for one admission. */
  | { readonly outcome: 'closed' }
  /** Counters that others share cannot be reached, and these are not to be guessed. */
  | {
      readonly outcome: 'unavailable';
      readonly counters: readonly LimitCounter[];
      readonly retryAfterMs: number;
    };

export interface SeedNeed {
  readonly counter: BudgetCounterId;
  readonly windowStart: number;
}

/** What the ledger says was spent in a window. */
export interface Seed extends SeedNeed {
  readonly spent: number;
  /**
   * Take it as it is, even where the counter says more: to rebuild, and after corrections. Otherwise a counter that is known is only ever
   * raised, for the ledger comes to know of an amount a little later than the counter.
   */
  readonly exact?: boolean;
}

/** `other-window`: the counter is in another window now; nothing was done. */
export type SeedResult = 'seeded' | 'other-window';

/** What was really used. A measure that is not named was used as reserved. Leases always end. */
export interface ActualAmounts {
  readonly requests?: number;
  /** What budgets of requests took, where that is other than `requests`: the ledger, which they are seeded from, counts attempts. */
  readonly attempts?: number;
  readonly tokens?: number;
  /** In nano-dollars. */
  readonly money?: number;
  /**
   * What counters of a subscription took, where that is other than the whole: a request that fell back to another model took of the
   * subscription of each model only what that model did.
   */
  readonly subscription?: Pick<
    ActualAmounts,
    'requests' | 'attempts' | 'tokens' | 'money'
  >;
  /** How long ago that was, for what is told late. */
  readonly ageMs?: number;
}

export interface SettleResult {
  /** `repeated`: done before. `too-late`: see {@link Limiter}. `queued`: will be done when the store is back. */
  readonly outcome: 'settled' | 'repeated' | 'too-late' | 'queued';
  /** The budgets that were settled in the window they are in; none unless `settled`. */
  readonly balances: readonly Balance[];
}

export interface Balance {
  readonly counter: LimitCounter;
  readonly windowStart: number;
  readonly spent: number;
}

export interface CounterReading {
  readonly counter: LimitCounter;
  readonly windowStart: number | null;
  readonly spent: number;
  readonly reserved: number;
  /** Whether `spent` is all that was; always true but for budgets. */
  readonly seeded: boolean;
}
