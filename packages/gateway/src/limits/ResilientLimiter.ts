import {
  isBudgetCounter,
  type LimitCounter,
} from '@ai-gateway/backstage-plugin-ai-gateway-node';
import { actualOf, NOTHING } from './actualOf';
import { AloneLimiter } from './AloneLimiter';
import { Attempts } from './Attempts';
import type { BreakerSettings } from './breaker';
import type { Clock } from './clock';
import type {
  ActualAmounts,
  BudgetCounterId,
  CounterReading,
  Hold,
  Limiter,
  ReserveRequest,
  ReserveResult,
  Seed,
  SeedResult,
  SettleResult,
} from './Limiter';
import { MissedSettlements } from './MissedSettlements';
import { RecentIds } from './RecentIds';

/** Whether a gateway counts with the others, or alone. */
export type LimiterMode = 'normal' | 'degraded';

export interface ResilientLimiterOptions {
  readonly shared: Limiter;
  readonly local: Limiter;
  readonly clock: Pick<Clock, 'monotonicMs'>;
  /** How many gateways share the limits. */
  readonly replicas: () => number;
  /** Told of every change, with the reason for the worse. */
  readonly onMode: (mode: LimiterMode, reason: string | null) => void;
  readonly deadlineMs?: number;
  readonly breaker?: BreakerSettings;
  /** How many settlements wait at most for the shared store. */
  readonly queueLimit?: number;
}

const DEADLINE_MS = 50;
/** In deadlines: so long an answer is waited for while the store answers others. */
const PATIENCE = 5;
const BREAKER: BreakerSettings = { failures: 3, openMs: 500 };
const QUEUE_LIMIT = 10_000;
const ABANDONED_IDS = 10_000;

/**
 * Counts with the other gateways as long as that is possible, and alone while it is not.
 *
 * - An operation on the shared store has 50 ms, and up to 250 ms while the store answers others; see `PatientDeadline`. What fails is done
 *   locally at once, and no request fails for it. One that would be refused because its budgets are declared `deny` waits for the same
 *   answer once more instead: asking again would compete with what the first asking reserves.
 * - After three failures in a row the store is left alone, but for a trial every half second, which no request waits for: `degraded`.
 *   Then this gateway admits its share; see `degradedLimit`. Budgets that are declared `deny`, as money is by default, are `unavailable`;
 *   others need to be seeded from the ledger first, since what this gateway knew of them before says nothing about the others.
 * - What is settled meanwhile waits, and is told to the store when it is back, before anything is admitted there again. Holds of the store
 *   are settled under their own ids, those of this gateway as holds that the store does not know, so each is booked once whatever was
 *   lost on the way. Should too many wait, or a settlement come too late, the budgets concerned are made unknown to the store, and so are
 *   seeded from the ledger, where every one of those amounts is. Nothing spent is forgotten.
 * - A reservation whose answer came too late to be used is released when it comes, or lapses.
 *
 * Rates and leases are not carried over: when the mode changes, up to one share may be admitted on top, once.
 */
export class ResilientLimiter implements Limiter {
  readonly #shared: Limiter;
  readonly #alone: AloneLimiter;
  readonly #clock: Pick<Clock, 'monotonicMs'>;
  readonly #attempts: Attempts;
  readonly #missed: MissedSettlements;
  /** Of reservations whose answers did not come in time: whatever the store says of them now, they are released. */
  readonly #abandoned = new RecentIds(ABANDONED_IDS);

  private constructor(options: ResilientLimiterOptions) {
    const { shared, local, clock, replicas, onMode } = options;
    const deadlineMs = options.deadlineMs ?? DEADLINE_MS;
    const breaker = options.breaker ?? BREAKER;
    this.#shared = shared;
    this.#clock = clock;
    this.#alone = AloneLimiter.create({ local, replicas });
    this.#attempts = new Attempts({
      clock,
      deadlineMs,
      longestMs: PATIENCE * deadlineMs,
      breaker,
      onFirstFailure: () => this.#alone.beginAnew(),
      onGivenUp: reason => {
        onMode('degraded', reason);
        this.#missed.scheduleTrial();
      },
    });
    this.#missed = new MissedSettlements({
      store: shared,
      attempts: this.#attempts,
      clock,
      limit: options.queueLimit ?? QUEUE_LIMIT,
      retryMs: breaker.openMs,
      onCaughtUp: () => {
        onMode('normal', null);
        return this.#alone.beginAnew();
      },
    });
  }

  static create(options: ResilientLimiterOptions): ResilientLimiter {
    return new ResilientLimiter(options);
  }

  get mode(): LimiterMode {
    return this.#attempts.givenUp ? 'degraded' : 'normal';
  }

  /** Settlements that the shared store has yet to be told. */
  get waiting(): number {
    return this.#missed.size;
  }

  /** Ends the trials. What still waits is left to the ledger. */
  close(): void {
    this.#missed.close();
  }

  async reserve(request: ReserveRequest): Promise<ReserveResult> {
    const { holdId } = request;
    if (this.#attempts.givenUp || this.#abandoned.has(holdId)) {
      return this.#alone.reserve(request);
    }
    const askedAt = this.#clock.monotonicMs();
    const asked = this.#shared.reserve(request);
    const answer = await this.#attempts.await(asked, askedAt);
    if (answer.ok) return answer.value;
    const alone = await this.#alone.reserve(request);
    if (alone.outcome === 'unavailable' && !this.#attempts.givenUp) {
      const late = await this.#attempts.await(asked, askedAt);
      if (late.ok) return late.value;
    }
    this.#abandoned.add(holdId);
    this.#releaseWhenItComes(asked);
    return alone;
  }

  async settle(hold: Hold, actual: ActualAmounts): Promise<SettleResult> {
    if (hold.store === 'shared') return this.#settleShared(hold, actual);
    const result = await this.#alone.settle(hold, actual);
    const budgets = hold.entries.filter(entry =>
      isBudgetCounter(entry.counter),
    );
    if (budgets.length === 0) return result;
    if (result.outcome === 'settled') {
      await this.#settleShared({ ...hold, entries: budgets }, actual);
    } else if (result.outcome === 'too-late') {
      this.#missed.miss(hold);
    }
    return result;
  }

  async release(hold: Hold): Promise<SettleResult> {
    // Nothing was spent, so there is nothing to tell of a local hold.
    return hold.store === 'local'
      ? this.#alone.release(hold)
      : this.#settleShared(hold, NOTHING);
  }

  /** What cannot be given back now is settled later, or lapses: nothing waits for the store to be back. */
  async trim(hold: Hold, amounts: readonly number[]): Promise<Hold> {
    if (hold.store === 'local') return this.#alone.trim(hold, amounts);
    if (this.#attempts.givenUp) return hold;
    const answer = await this.#attempts.await(this.#shared.trim(hold, amounts));
    return answer.ok ? answer.value : hold;
  }

  async renew(
    holds: readonly Hold[],
    ttlMs: number,
  ): Promise<readonly (Hold | null)[]> {
    return Promise.all(
      holds.map(async hold => {
        if (hold.store === 'local') {
          return (await this.#alone.renew([hold], ttlMs))[0];
        }
        if (this.#attempts.givenUp) return hold;
        const renewed = this.#shared.renew([hold], ttlMs);
        const answer = await this.#attempts.await(renewed);
        // Not known to be closed; renewing brings it back when the store is.
        return answer.ok ? answer.value[0] : hold;
      }),
    );
  }

  async seed(seeds: readonly Seed[]): Promise<readonly SeedResult[]> {
    // Both: whoever seeds may do it for what is counted alone, and with the next failure that is forgotten.
    const alone = await this.#alone.seed(seeds);
    if (this.#attempts.givenUp) return alone;
    const answer = await this.#attempts.await(this.#shared.seed(seeds));
    return answer.ok ? answer.value : alone;
  }

  async forget(counters: readonly BudgetCounterId[]): Promise<void> {
    await this.#alone.forget(counters);
    if (!this.#attempts.givenUp) {
      const answer = await this.#attempts.await(this.#shared.forget(counters));
      if (answer.ok) return;
    }
    this.#missed.missCounters(counters);
  }

  async read(
    counters: readonly LimitCounter[],
  ): Promise<readonly CounterReading[]> {
    if (!this.#attempts.givenUp) {
      const answer = await this.#attempts.await(this.#shared.read(counters));
      if (answer.ok) return answer.value;
    }
    return this.#alone.read(counters);
  }

  async #settleShared(
    hold: Hold,
    actual: ActualAmounts,
  ): Promise<SettleResult> {
    const at = this.#clock.monotonicMs();
    if (!this.#attempts.givenUp) {
      const settled = this.#shared.settle(hold, actual);
      const answer = await this.#attempts.await(settled);
      if (answer.ok) {
        if (answer.value.outcome === 'too-late') this.#missed.miss(hold);
        return answer.value;
      }
    }
    // What only a bug can ask is not put into the queue.
    hold.entries.forEach(entry => actualOf(entry, actual));
    this.#missed.add({ hold, actual, at });
    return { outcome: 'queued', balances: [] };
  }

  #releaseWhenItComes(asked: Promise<ReserveResult>): void {
    asked.then(
      async result => {
        if (result.outcome === 'admitted') {
          await this.#settleShared(result.hold, NOTHING);
        }
      },
      // It was dealt with where it was awaited; if it reserved something after all, that lapses.
      () => {},
    );
  }
}
