import type { Attempts } from './Attempts';
import type { Clock } from './clock';
import {
  HOLD_MEMORY_MS,
  type BudgetCounterId,
  type Hold,
  type Limiter,
} from './Limiter';
import { SettleQueue, type QueuedSettlement } from './SettleQueue';

export interface MissedSettlementsOptions {
  readonly store: Limiter;
  readonly attempts: Attempts;
  readonly clock: Pick<Clock, 'monotonicMs'>;
  /** How many wait at most. */
  readonly limit: number;
  /** How long until the store is tried. */
  readonly retryMs: number;
  /** Told when a store that was given up knows all again. */
  readonly onCaughtUp: () => Promise<void>;
}

/** Settled at a time after an outage, so that a store that has just come back is not overrun. */
const REPLAY_BATCH = 50;
/** Older ones are left to the ledger, well before the store has forgotten their holds. */
const REPLAY_MAX_AGE_MS = HOLD_MEMORY_MS / 2;

/** What a store has yet to be told, and the trials at which it is told. */
export class MissedSettlements {
  readonly #options: MissedSettlementsOptions;
  readonly #queue: SettleQueue;
  #trial: NodeJS.Timeout | null = null;
  #closed = false;

  constructor(options: MissedSettlementsOptions) {
    this.#options = options;
    this.#queue = new SettleQueue(options.limit);
  }

  get size(): number {
    return this.#queue.size;
  }

  /** To be settled when the store is back. */
  add(settlement: QueuedSettlement): void {
    this.#queue.add(settlement);
    this.scheduleTrial();
  }

  /** Amounts of a hold may be missing in its budgets. */
  miss(hold: Hold): void {
    this.#queue.miss(hold);
    this.scheduleTrial();
  }

  missCounters(counters: readonly BudgetCounterId[]): void {
    counters.forEach(counter => this.#queue.missCounter(counter));
    this.scheduleTrial();
  }

  /** Ends the trials. What still waits is left to the ledger. */
  close(): void {
    this.#closed = true;
    if (this.#trial) clearTimeout(this.#trial);
  }

  /** Sees to it that the store is tried by and by, and again until it was told all. */
  scheduleTrial(): void {
    if (this.#trial || this.#closed) return;
    const { clock, attempts, retryMs } = this.#options;
    this.#trial = setTimeout(async () => {
      const began = clock.monotonicMs();
      await this.#try().catch(error => attempts.fail(error, began));
      this.#trial = null;
      if (attempts.givenUp || !this.#queue.isEmpty) this.scheduleTrial();
    }, retryMs);
    this.#trial.unref();
  }

  /** Tells the store what it missed; when it knows all, it is asked again. */
  async #try(): Promise<void> {
    const { attempts, store, clock, onCaughtUp } = this.#options;
    if (!attempts.beginTrial()) return;
    if (!(await attempts.await(store.read([]))).ok) return;
    this.#queue.giveUp(clock.monotonicMs() - REPLAY_MAX_AGE_MS);
    while (!this.#queue.isEmpty) {
      const missing = this.#queue.missing();
      if (missing.length > 0) {
        const told = await attempts.await(store.forget(missing));
        if (!told.ok) return;
        this.#queue.found(missing);
      }
      if (!(await this.#replay(this.#queue.take(REPLAY_BATCH)))) return;
    }
    if (!attempts.givenUp || this.#closed) return;
    attempts.recovered();
    await onCaughtUp();
  }

  async #replay(batch: readonly QueuedSettlement[]): Promise<boolean> {
    const { attempts, store, clock } = this.#options;
    const now = clock.monotonicMs();
    const answers = await Promise.all(
      batch.map(({ hold, actual, at }) => {
        const ageMs = (actual.ageMs ?? 0) + Math.round(now - at);
        return attempts.await(store.settle(hold, { ...actual, ageMs }));
      }),
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
