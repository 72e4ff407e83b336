import {
  isBudgetCounter,
  windowEndOf,
  type LimitCounter,
} from '@ai-gateway/backstage-plugin-ai-gateway-node';

/** What a counter said a moment ago. */
export interface Standing {
  readonly counter: LimitCounter;
  readonly windowStart: number | null;
  readonly spent: number;
}

interface Kept {
  spent: number;
  /** By the monotonic clock. */
  notedAt: number;
  readonly windowStart: number;
  /** Milliseconds since the epoch; `null`: never. */
  readonly windowEnd: number | null;
}

/** Older ones are asked for anew: a budget may have been rebuilt, or another gateway's window may have ended. */
const FRESH_MS = 1_000;
const MAX_KEPT = 20_000;

/**
 * What budgets were said to have spent, a moment ago, by any answer of the limiter. By it a request is planned; whether the plan was right
 * is seen in the answer to it.
 */
export class BudgetStandings {
  readonly #kept = new Map<string, Kept>();
  readonly #now: () => number;
  readonly #monotonic: () => number;

  static create(clocks: {
    now: () => number;
    monotonic: () => number;
  }): BudgetStandings {
    return new BudgetStandings(clocks.now, clocks.monotonic);
  }

  private constructor(now: () => number, monotonic: () => number) {
    this.#now = now;
    this.#monotonic = monotonic;
  }

  /** @param name - the counter's */
  note(name: string, { counter, windowStart, spent }: Standing): void {
    if (counter.measure !== 'money' || windowStart === null) return;
    if (!isBudgetCounter(counter)) return;
    const notedAt = this.#monotonic();
    const kept = this.#kept.get(name);
    if (kept?.windowStart === windowStart) {
      kept.spent = spent;
      kept.notedAt = notedAt;
      return;
    }
    const windowEnd = windowEndOf(counter.window, windowStart);
    this.#kept.delete(name);
    this.#kept.set(name, { spent, notedAt, windowStart, windowEnd });
    if (this.#kept.size > MAX_KEPT) this.#dropOldest();
  }

  /** In nano-dollars; `null`: not known. */
  spentOf(name: string): number | null {
    const kept = this.#kept.get(name);
    if (!kept || this.#monotonic() - kept.notedAt > FRESH_MS) return null;
    if (kept.windowEnd !== null && this.#now() >= kept.windowEnd) return null;
    return kept.spent;
  }

  #dropOldest(): void {
    for (const oldest of this.#kept.keys()) {
      this.#kept.delete(oldest);
      return;
    }
  }
}
