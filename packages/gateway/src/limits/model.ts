import {
  isBudgetCounter,
  MAX_AMOUNT,
  type LimitCounter,
} from '@ai-gateway/backstage-plugin-ai-gateway-node';
import { actualOf, NOTHING } from './actualOf';
import { figuresOf, leastOf, leftOf, violationOf } from './figures';
import {
  HOLD_MEMORY_MS,
  LEDGER_LAG_MS,
  type ActualAmounts,
  type Balance,
  type BudgetCounterId,
  type CounterReading,
  type Hold,
  type ReserveRequest,
  type ReserveResult,
  type Seed,
  type SeedResult,
  type SettleResult,
  type Violation,
} from './Limiter';
import { isLive, ModelHistory } from './modelHistory';

/**
 * What a limiter is to do, as plainly as it can be said: it keeps everything that ever happened, and looks through all of it for
 * every question (`modelHistory.ts`). The implementations, which keep sums, are held against it.
 */
export class LimiterModel {
  readonly #history = new ModelHistory();

  reserve(
    wall: number,
    sinceMs: number | null,
    request: ReserveRequest,
  ): ReserveResult {
    const time = this.#history.advance(wall, sinceMs);
    const { holdId: id, ttlMs, entries } = request;
    const figures = () =>
      entries.map(entry =>
        figuresOf(entry, this.#history.standing(entry.counter, time)),
      );
    const known = this.#history.knownHold(id, time);
    if (known) {
      return isLive(known, time)
        ? {
            outcome: 'admitted',
            hold: known.hold,
            repeated: true,
            figures: figures(),
          }
        : { outcome: 'closed' };
    }
    const needsSeed = entries.flatMap(({ counter }) => {
      if (!isBudgetCounter(counter)) return [];
      const { seededAt, windowStart } = this.#history.budget(counter, time);
      return seededAt === null ? [{ counter, windowStart }] : [];
    });
    if (needsSeed.length > 0) return { outcome: 'needs-seed', needsSeed };

    const violations: Violation[] = entries.flatMap(entry => {
      const standing = this.#history.standing(entry.counter, time);
      return leftOf(entry.limit, standing) < leastOf(entry)
        ? [
            violationOf(
              entry,
              standing,
              this.#history.clearing(
                entry.counter,
                time,
                entry.limit,
                leastOf(entry),
              ),
            ),
          ]
        : [];
    });
    const [first, ...others] = violations;
    if (first) return { outcome: 'refused', violations: [first, ...others] };

    const hold: Hold = {
      id,
      store: 'local',
      admittedAt: time.now,
      expiresAt: Math.ceil((time.now + ttlMs) / 5000) * 5000,
      entries: entries.map(({ counter, limit, amount }) => {
        const standing = this.#history.standing(counter, time);
        return {
          counter,
          granted: Math.min(amount, leftOf(limit, standing)),
          windowStart: standing.windowStart,
        };
      }),
    };
    for (const { counter, granted } of hold.entries) {
      this.#history.book(counter, time.now, granted);
    }
    this.#history.keep(hold, false, time);
    return { outcome: 'admitted', hold, repeated: false, figures: figures() };
  }

  settle(
    wall: number,
    sinceMs: number | null,
    given: Hold,
    actuals: ActualAmounts,
  ): SettleResult {
    const time = this.#history.advance(wall, sinceMs);
    const known = this.#history.knownHold(given.id, time);
    if (known?.closed) return { outcome: 'repeated', balances: [] };
    if (!known && time.now > given.expiresAt + HOLD_MEMORY_MS) {
      return { outcome: 'too-late', balances: [] };
    }
    const hold = known?.hold ?? given;
    const settledAt = time.now - (actuals.ageMs ?? 0);
    const balances: Balance[] = [];
    for (const [
      n,
      { counter, granted, windowStart },
    ] of hold.entries.entries()) {
      const actual = actualOf(given.entries[n], actuals);
      const at = Math.min(hold.admittedAt, time.now);
      if (known) this.#history.book(counter, at, -granted);
      this.#history.book(counter, at, Math.min(granted, actual));
      this.#history.book(counter, time.now, Math.max(0, actual - granted));
      if (!isBudgetCounter(counter)) continue;
      const budget = this.#history.budget(counter, time);
      if (budget.windowStart !== windowStart) continue;
      const isInSeed =
        settledAt + LEDGER_LAG_MS <= (budget.seededAt ?? time.now);
      const spent = isInSeed
        ? budget.spent
        : Math.min(MAX_AMOUNT, budget.spent + actual);
      this.#history.keepBudget(counter, {
        ...budget,
        spent,
        strayAt:
          !isInSeed && budget.seededAt === null ? time.now : budget.strayAt,
      });
      balances.push({ counter, windowStart, spent });
    }
    this.#history.keep(hold, true, time);
    return { outcome: 'settled', balances };
  }

  release(wall: number, sinceMs: number | null, hold: Hold): SettleResult {
    return this.settle(wall, sinceMs, hold, NOTHING);
  }

  trim(
    wall: number,
    sinceMs: number | null,
    given: Hold,
    amounts: readonly number[],
  ): Hold {
    const time = this.#history.advance(wall, sinceMs);
    const known = this.#history.knownHold(given.id, time);
    if (known?.closed) return given;
    const hold = known?.hold ?? given;
    const entries = hold.entries.map((entry, n) =>
      entry.counter.measure === 'concurrency'
        ? entry
        : { ...entry, granted: Math.min(entry.granted, amounts[n]) },
    );
    const lowered = { ...hold, entries };
    if (!known) return lowered;
    const at = Math.min(hold.admittedAt, time.now);
    hold.entries.forEach(({ counter, granted }, n) =>
      this.#history.book(counter, at, entries[n].granted - granted),
    );
    this.#history.replace(known, lowered);
    return lowered;
  }

  renew(
    wall: number,
    sinceMs: number | null,
    given: Hold,
    ttlMs: number,
  ): Hold | null {
    const time = this.#history.advance(wall, sinceMs);
    const known = this.#history.knownHold(given.id, time);
    if (known?.closed) return null;
    if (!known && time.now > given.expiresAt + HOLD_MEMORY_MS) return null;
    const hold = known?.hold ?? given;
    const expiresAt = Math.ceil((time.now + ttlMs) / 5000) * 5000;
    const renewed = {
      ...hold,
      expiresAt: Math.max(hold.expiresAt, expiresAt),
    };
    this.#history.keep(renewed, false, time);
    return renewed;
  }

  seed(wall: number, sinceMs: number | null, seed: Seed): SeedResult {
    const time = this.#history.advance(wall, sinceMs);
    const { counter, windowStart, spent, exact = false } = seed;
    const budget = this.#history.budget(counter, time);
    if (budget.windowStart !== windowStart) return 'other-window';
    if (budget.seededAt !== null && !exact) {
      this.#history.keepBudget(counter, {
        ...budget,
        spent: Math.max(spent, budget.spent),
      });
      return 'seeded';
    }
    const strayCounts =
      !exact &&
      budget.strayAt !== null &&
      time.now < budget.strayAt + LEDGER_LAG_MS;
    this.#history.keepBudget(counter, {
      windowStart,
      spent: strayCounts ? Math.min(MAX_AMOUNT, spent + budget.spent) : spent,
      seededAt: time.now,
      strayAt: null,
    });
    return 'seeded';
  }

  forget(wall: number, sinceMs: number | null, counter: BudgetCounterId): void {
    const time = this.#history.advance(wall, sinceMs);
    this.#history.keepBudget(counter, {
      windowStart: this.#history.budget(counter, time).windowStart,
      spent: 0,
      seededAt: null,
      strayAt: null,
    });
  }

  read(
    wall: number,
    sinceMs: number | null,
    counter: LimitCounter,
  ): CounterReading {
    const time = this.#history.advance(wall, sinceMs);
    const { spent, reserved, windowStart } = this.#history.standing(
      counter,
      time,
    );
    const seeded =
      !isBudgetCounter(counter) ||
      this.#history.budget(counter, time).seededAt !== null;
    return { counter, windowStart, spent, reserved, seeded };
  }
}
