import {
  isBudgetCounter,
  type LimitCounter,
} from '@ai-gateway/backstage-plugin-ai-gateway-node';
import { actualOf, NOTHING } from './actualOf';
import { AloneLimiter } from './AloneLimiter';
import {
  CLOSED,
  failed,
  succeeded,
  tried,
  type Breaker,
  type BreakerSettings,
} from './breaker';
import type { Clock } from './clock';
import {
  HOLD_MEMORY_MS,
  type ActualAmounts,
  type BudgetCounterId,
  type CounterReading,
  type Hold,
  type Limiter,
  type ReserveRequest,
  type ReserveResult,
  type Seed,
  type SeedResult,
  type SettleResult,
} from './Limiter';
import { PatientDeadline } from './PatientDeadline';
import { RecentIds } from './RecentIds';
import { SettleQueue, type QueuedSettlement } from './SettleQueue';

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
/** Settled at a time after an outage, so that a store that has just come back is not overrun. */
const REPLAY_BATCH = 50;
/** Older ones are left to the ledger, well before the store has forgotten their holds. */
const REPLAY_MAX_AGE_MS = HOLD_MEMORY_MS / 2;
const ABANDONED_IDS = 10_000;

/**
 * Counts with the other gateways as long as that is possible, and alone while it is not.
 *
 * - An operation on the shared store has 50 ms, and up to 250 ms while the store answers others; see `PatientDeadline`. What fails is done
 *   locally at once, and no request fails for it. One that would be refused because its budgets are declared `deny` waits for the same
 *   answer once more instead: asking again would compete with what the first asking reserves.
 * - After three failures in a row the store is left alone, but for a trial every half second, which no request waits for: `degraded`.
 *   What was asked before the last failure says nothing new: a burst that fails at one moment is one failure.
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
  readonly #options: ResilientLimiterOptions;
  readonly #breakerSettings: BreakerSettings;
  readonly #deadline: PatientDeadline;
  readonly #queue: SettleQueue;
  /** Of reservations whose answers did not come in time: whatever the store says of them now, they are released. */
  readonly #abandoned = new RecentIds(ABANDONED_IDS);
  #mode: LimiterMode = 'normal';
  #breaker: Breaker = CLOSED;
  /** When the last failure was counted, by the monotonic clock. */
  #failedAt = -Infinity;
  #trial: NodeJS.Timeout | null = null;
  #closed = false;

  private constructor(options: ResilientLimiterOptions) {
    const { shared, local, replicas, queueLimit, breaker } = options;
    this.#options = options;
    this.#shared = shared;
    this.#alone = AloneLimiter.create({ local, replicas });
    this.#breakerSettings = breaker ?? BREAKER;
    const deadlineMs = options.deadlineMs ?? DEADLINE_MS;
    this.#deadline = PatientDeadline.create({
      clock: options.clock,
      deadlineMs,
      longestMs: PATIENCE * deadlineMs,
    });
    this.#queue = new SettleQueue(queueLimit ?? QUEUE_LIMIT);
  }

  static create(options: ResilientLimiterOptions): ResilientLimiter {
    return new ResilientLimiter(options);
  }

  get mode(): LimiterMode {
    return this.#mode;
  }

  /** Settlements that the shared store has yet to be told. */
  get waiting(): number {
    return this.#queue.size;
  }

  /** Ends the trials. What still waits is left to the ledger. */
  close(): void {
    this.#closed = true;
    if (this.#trial) clearTimeout(this.#trial);
  }

  async reserve(request: ReserveRequest): Promise<ReserveResult> {
    const { holdId } = request;
    if (this.#mode === 'normal' && !this.#abandoned.has(holdId)) {
      const askedAt = this.#options.clock.monotonicMs();
      const asked = this.#shared.reserve(request);
      const answer = await this.#attempt(asked, askedAt);
      if (answer.ok) return answer.value;
      const alone = await this.#alone.reserve(request);
      if (alone.outcome === 'unavailable' && this.#mode === 'normal') {
        const late = await this.#attempt(asked, askedAt);
        if (late.ok) return late.value;
      }
      this.#abandoned.add(holdId);
      this.#releaseWhenItComes(asked);
      return alone;
    }
    return this.#alone.reserve(request);
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
      this.#miss(hold);
    }
    return result;
  }

  async release(hold: Hold): Promise<SettleResult> {
    // Nothing was spent, so there is nothing to tell of a local hold.
    return hold.store === 'local'
      ? this.#alone.release(hold)
      : this.#settleShared(hold, NOTHING);
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
        if (this.#mode === 'degraded') return hold;
        const answer = await this.#attempt(this.#shared.renew([hold], ttlMs));
        // Not known to be closed; renewing brings it back when the store is.
        return answer.ok ? answer.value[0] : hold;
      }),
    );
  }

  async seed(seeds: readonly Seed[]): Promise<readonly SeedResult[]> {
    // Both: whoever seeds may do it for what is counted alone, and with the next failure that is forgotten.
    const alone = await this.#alone.seed(seeds);
    if (this.#mode === 'degraded') return alone;
    const answer = await this.#attempt(this.#shared.seed(seeds));
    return answer.ok ? answer.value : alone;
  }

  async forget(counters: readonly BudgetCounterId[]): Promise<void> {
    await this.#alone.forget(counters);
    if (this.#mode === 'normal') {
      const answer = await this.#attempt(this.#shared.forget(counters));
      if (answer.ok) return;
    }
    counters.forEach(counter => this.#queue.missCounter(counter));
    this.#scheduleTrial();
  }

  async read(
    counters: readonly LimitCounter[],
  ): Promise<readonly CounterReading[]> {
    if (this.#mode === 'normal') {
      const answer = await this.#attempt(this.#shared.read(counters));
      if (answer.ok) return answer.value;
    }
    return this.#alone.read(counters);
  }

  async #settleShared(
    hold: Hold,
    actual: ActualAmounts,
  ): Promise<SettleResult> {
    // What only a bug can ask is not put into the queue.
    hold.entries.forEach(entry => actualOf(entry, actual));
    const at = this.#options.clock.monotonicMs();
    if (this.#mode === 'normal') {
      const answer = await this.#attempt(this.#shared.settle(hold, actual));
      if (answer.ok) {
        if (answer.value.outcome === 'too-late') this.#miss(hold);
        return answer.value;
      }
    }
    this.#queue.add({ hold, actual, at });
    this.#scheduleTrial();
    return { outcome: 'queued', balances: [] };
  }

  /** One operation on the shared store, with its deadline; what comes of it decides over the mode. */
  async #attempt<T>(
    operation: Promise<T>,
    askedAt = this.#options.clock.monotonicMs(),
  ): Promise<{ ok: true; value: T } | { ok: false }> {
    try {
      const value = await this.#deadline.wait(operation, askedAt);
      if (this.#mode === 'normal') this.#breaker = succeeded();
      return { ok: true, value };
    } catch (error) {
      // A bug of who asked, which would be one anywhere.
      if (error instanceof TypeError) throw error;
      await this.#fail(error, askedAt);
      return { ok: false };
    }
  }

  async #fail(error: unknown, askedAt: number): Promise<void> {
    // Asked before the last failure, it is part of that.
    if (this.#breaker.state === 'closed' && askedAt < this.#failedAt) return;
    const first =
      this.#breaker.state === 'closed' && this.#breaker.failures === 0;
    this.#failedAt = this.#options.clock.monotonicMs();
    this.#breaker = failed(
      this.#breaker,
      this.#failedAt,
      this.#breakerSettings,
    );
    if (this.#breaker.state !== 'closed' && this.#mode === 'normal') {
      this.#mode = 'degraded';
      this.#options.onMode(
        'degraded',
        error instanceof Error ? error.message : String(error),
      );
    }
    if (this.#mode === 'degraded') this.#scheduleTrial();
    if (first) await this.#alone.beginAnew();
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

  #miss(hold: Hold): void {
    this.#queue.miss(hold);
    this.#scheduleTrial();
  }

  #scheduleTrial(): void {
    if (this.#trial || this.#closed) return;
    this.#trial = setTimeout(async () => {
      const began = this.#options.clock.monotonicMs();
      await this.#try().catch(error => this.#fail(error, began));
      this.#trial = null;
      if (this.#mode === 'degraded' || !this.#queue.isEmpty) {
        this.#scheduleTrial();
      }
    }, this.#breakerSettings.openMs);
    this.#trial.unref();
  }

  /** Tells the shared store what it missed; when it knows all, it is asked again. */
  async #try(): Promise<void> {
    this.#breaker = tried(this.#breaker, this.#options.clock.monotonicMs());
    if (this.#breaker.state === 'open') return;
    if (!(await this.#attempt(this.#shared.read([]))).ok) return;
    this.#queue.giveUp(this.#options.clock.monotonicMs() - REPLAY_MAX_AGE_MS);
    while (!this.#queue.isEmpty) {
      const missing = this.#queue.missing();
      if (missing.length > 0) {
        const told = await this.#attempt(this.#shared.forget(missing));
        if (!told.ok) return;
        this.#queue.found(missing);
      }
      if (!(await this.#replay(this.#queue.take(REPLAY_BATCH)))) return;
    }
    if (this.#mode === 'normal' || this.#closed) return;
    this.#breaker = succeeded();
    this.#mode = 'normal';
    this.#options.onMode('normal', null);
    await this.#alone.beginAnew();
  }

  async #replay(batch: readonly QueuedSettlement[]): Promise<boolean> {
    const now = this.#options.clock.monotonicMs();
    const answers = await Promise.all(
      batch.map(({ hold, actual, at }) =>
        this.#attempt(
          this.#shared.settle(hold, {
            ...actual,
            ageMs: (actual.ageMs ?? 0) + Math.round(now - at),
          }),
        ),
      ),
    );
    batch.forEach(({ hold }, n) => {
      const answer = answers[n];
      if (answer.ok && answer.value.outcome === 'too-late') {
        this.#queue.miss(hold);
      }
    });
    const unsettled = batch.filter((_, n) => !answers[n].ok);
    this.#queue.putBack(unsettled);
    return unsettled.length === 0;
  }
}
