import {
  counterName,
  isBudgetCounter,
} from '@ai-gateway/backstage-plugin-ai-gateway-node';
import type { ActualAmounts, BudgetCounterId, Hold } from './Limiter';

/** A settlement that the shared store has yet to be told. */
export interface QueuedSettlement {
  readonly hold: Hold;
  readonly actual: ActualAmounts;
  /** By the monotonic clock. */
  readonly at: number;
}

/**
 * What is to be settled once the shared store is back, oldest first, bounded.
 *
 * What does not fit is not forgotten: the budgets of the oldest are noted as missing amounts, to be seeded from the ledger, which
 * has them.
 */
export class SettleQueue {
  readonly #limit: number;
  #waiting: QueuedSettlement[] = [];
  readonly #missing = new Map<string, BudgetCounterId>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  get size(): number {
    return this.#waiting.length;
  }

  add(settlement: QueuedSettlement): void {
    this.#waiting.push(settlement);
    // In one go for many, for taking from the front of an array costs its length.
    if (this.#waiting.length <= this.#limit) return;
    const dropped = this.#waiting.splice(0, Math.ceil(this.#limit / 10));
    for (const { hold } of dropped) this.miss(hold);
  }

  /** Notes that amounts of a hold may be missing in its budgets. */
  miss(hold: Hold): void {
    for (const { counter } of hold.entries) {
      if (isBudgetCounter(counter)) this.missCounter(counter);
    }
  }

  missCounter(counter: BudgetCounterId): void {
    this.#missing.set(counterName(counter), counter);
  }

  /** Whether the store has nothing left to be told. */
  get isEmpty(): boolean {
    return this.#waiting.length === 0 && this.#missing.size === 0;
  }

  /** Leaves to the ledger what was settled before an instant. */
  giveUp(before: number): void {
    const late = this.#waiting.filter(({ at }) => at < before);
    if (late.length === 0) return;
    this.#waiting = this.#waiting.filter(({ at }) => at >= before);
    for (const { hold } of late) this.miss(hold);
  }

  /** Takes out the oldest. */
  take(count: number): readonly QueuedSettlement[] {
    return this.#waiting.splice(0, count);
  }

  /** Puts back what could not be settled. */
  putBack(settlements: readonly QueuedSettlement[]): void {
    this.#waiting = [...settlements, ...this.#waiting];
  }

  missing(): readonly BudgetCounterId[] {
    return [...this.#missing.values()];
  }

  found(counters: readonly BudgetCounterId[]): void {
    for (const counter of counters) this.#missing.delete(counterName(counter));
  }
}
