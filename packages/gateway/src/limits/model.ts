import {
  counterName,
  isBudgetCounter,
  MAX_AMOUNT,
  windowEndOf,
  windowStartOf,
  type LimitCounter,
} from '@ai-gateway/backstage-plugin-ai-gateway-node';
import { actualOf, NOTHING } from './actualOf';
import { advance, type LimiterTime } from './clock';
import {
  figuresOf,
  leastOf,
  leftOf,
  violationOf,
  type Clearing,
  type Standing,
} from './figures';
import {
  HOLD_MEMORY_MS,
  LEDGER_LAG_MS,
  RETRY_SOON_MS,
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

/** An amount in a rate, which counts until it lapses. */
interface Booking {
  readonly name: string;
  readonly at: number;
  readonly amount: number;
}

interface ModelHold {
  readonly hold: Hold;
  readonly closed: boolean;
  readonly keptUntil: number;
}

interface ModelBudget {
  readonly windowStart: number;
  readonly spent: number;
  readonly seededAt: number | null;
  readonly strayAt: number | null;
}

/**
 * What a limiter is to do, as plainly as it can be said: it keeps everything that ever happened, and looks through all of it for
 * every question. The implementations, which keep sums, are held against it.
 */
export class LimiterModel {
  #time: LimiterTime | null = null;
  readonly #bookings: Booking[] = [];
  readonly #holds = new Map<string, ModelHold>();
  readonly #budgets = new Map<string, ModelBudget>();

  reserve(
    wall: number,
    sinceMs: number | null,
    request: ReserveRequest,
  ): ReserveResult {
    const time = this.#advance(wall, sinceMs);
    const { holdId: id, ttlMs, entries } = request;
    const figures = () =>
      entries.map(entry =>
        figuresOf(entry, this.#standing(entry.counter, time)),
      );
    const known = this.#knownHold(id, time);
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
      const { seededAt, windowStart } = this.#budget(counter, time);
      return seededAt === null ? [{ counter, windowStart }] : [];
    });
    if (needsSeed.length > 0) return { outcome: 'needs-seed', needsSeed };

    const violations: Violation[] = entries.flatMap(entry => {
      const standing = this.#standing(entry.counter, time);
      return leftOf(entry.limit, standing) < leastOf(entry)
        ? [
            violationOf(
              entry,
              standing,
              this.#clearing(entry.counter, time, entry.limit, leastOf(entry)),
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
        const standing = this.#standing(counter, time);
        return {
          counter,
          granted: Math.min(amount, leftOf(limit, standing)),
          windowStart: standing.windowStart,
        };
      }),
    };
    for (const { counter, granted } of hold.entries) {
      this.#book(counter, time.now, granted);
    }
    this.#keep(hold, false, time);
    return { outcome: 'admitted', hold, repeated: false, figures: figures() };
  }

  settle(
    wall: number,
    sinceMs: number | null,
    given: Hold,
    actuals: ActualAmounts,
  ): SettleResult {
    const time = this.#advance(wall, sinceMs);
    const known = this.#knownHold(given.id, time);
    if (known?.closed) return { outcome: 'repeated', balances: [] };
    if (!known && time.now > given.expiresAt + HOLD_MEMORY_MS) {
      return { outcome: 'too-late', balances: [] };
    }
    const hold = known?.hold ?? given;
    const settledAt = time.now - (actuals.ageMs ?? 0);
    const balances: Balance[] = [];
    for (const entry of hold.entries) {
      const { counter, granted, windowStart } = entry;
      const actual = actualOf(entry, actuals);
      const at = Math.min(hold.admittedAt, time.now);
      if (known) this.#book(counter, at, -granted);
      this.#book(counter, at, Math.min(granted, actual));
      this.#book(counter, time.now, Math.max(0, actual - granted));
      if (!isBudgetCounter(counter)) continue;
      const budget = this.#budget(counter, time);
      if (budget.windowStart !== windowStart) continue;
      const isInSeed =
        settledAt + LEDGER_LAG_MS <= (budget.seededAt ?? time.now);
      const spent = isInSeed
        ? budget.spent
        : Math.min(MAX_AMOUNT, budget.spent + actual);
      this.#budgets.set(counterName(counter), {
        ...budget,
        spent,
        strayAt:
          !isInSeed && budget.seededAt === null ? time.now : budget.strayAt,
      });
      balances.push({ counter, windowStart, spent });
    }
    this.#keep(hold, true, time);
    return { outcome: 'settled', balances };
  }

  release(wall: number, sinceMs: number | null, hold: Hold): SettleResult {
    return this.settle(wall, sinceMs, hold, NOTHING);
  }

  renew(
    wall: number,
    sinceMs: number | null,
    given: Hold,
    ttlMs: number,
  ): Hold | null {
    const time = this.#advance(wall, sinceMs);
    const known = this.#knownHold(given.id, time);
    if (known?.closed) return null;
    if (!known && time.now > given.expiresAt + HOLD_MEMORY_MS) return null;
    const hold = known?.hold ?? given;
    const expiresAt = Math.ceil((time.now + ttlMs) / 5000) * 5000;
    const renewed = {
      ...hold,
      expiresAt: Math.max(hold.expiresAt, expiresAt),
    };
    this.#keep(renewed, false, time);
    return renewed;
  }

  seed(wall: number, sinceMs: number | null, seed: Seed): SeedResult {
    const time = this.#advance(wall, sinceMs);
    const { counter, windowStart, spent, exact = false } = seed;
    const budget = this.#budget(counter, time);
    if (budget.windowStart !== windowStart) return 'other-window';
    const name = counterName(counter);
    if (budget.seededAt !== null && !exact) {
      this.#budgets.set(name, {
        ...budget,
        spent: Math.max(spent, budget.spent),
      });
      return 'seeded';
    }
    const strayCounts =
      !exact &&
      budget.strayAt !== null &&
      time.now < budget.strayAt + LEDGER_LAG_MS;
    this.#budgets.set(name, {
      windowStart,
      spent: strayCounts ? Math.min(MAX_AMOUNT, spent + budget.spent) : spent,
      seededAt: time.now,
      strayAt: null,
    });
    return 'seeded';
  }

  forget(wall: number, sinceMs: number | null, counter: BudgetCounterId): void {
    const time = this.#advance(wall, sinceMs);
    this.#budgets.set(counterName(counter), {
      windowStart: this.#budget(counter, time).windowStart,
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
    const time = this.#advance(wall, sinceMs);
    const { spent, reserved, windowStart } = this.#standing(counter, time);
    const seeded =
      !isBudgetCounter(counter) ||
      this.#budget(counter, time).seededAt !== null;
    return { counter, windowStart, spent, reserved, seeded };
  }

  #advance(wall: number, sinceMs: number | null): LimiterTime {
    this.#time = advance(this.#time, wall, sinceMs);
    return this.#time;
  }

  #knownHold(id: string, { now }: LimiterTime): ModelHold | undefined {
    const known = this.#holds.get(id);
    return known && now <= known.keptUntil ? known : undefined;
  }

  #keep(hold: Hold, closed: boolean, { now }: LimiterTime): void {
    const keptUntil = Math.max(hold.expiresAt, now) + HOLD_MEMORY_MS;
    this.#holds.set(hold.id, { hold, closed, keptUntil });
  }

  #book(counter: LimitCounter, at: number, amount: number): void {
    if (counter.window !== 'minute') return;
    this.#bookings.push({ name: counterName(counter), at, amount });
  }

  #budget(counter: BudgetCounterId, { calendar }: LimiterTime): ModelBudget {
    const { window } = counter;
    const last = this.#budgets.get(counterName(counter));
    const windowStart = windowStartOf(window, calendar);
    if (last?.windowStart === windowStart) return last;
    const follows =
      last && windowEndOf(window, last.windowStart) === windowStart;
    const budget = {
      windowStart,
      spent: 0,
      seededAt: follows ? last.seededAt : null,
      strayAt: null,
    };
    this.#budgets.set(counterName(counter), budget);
    return budget;
  }

  /** What lapses, and when, of what a counter has; in the order in which it does. */
  #lapses(
    counter: LimitCounter,
    time: LimiterTime,
  ): { readonly at: number; readonly amount: number }[] {
    const name = counterName(counter);
    const lapses =
      counter.window === 'minute'
        ? this.#bookings
            .filter(booking => booking.name === name)
            .map(({ at, amount }) => ({
              at: Math.floor(at / 1000) * 1000 + 61_000,
              amount,
            }))
        : [...this.#holds.values()]
            .filter(kept => isLive(kept, time))
            .flatMap(({ hold }) =>
              hold.entries
                .filter(
                  entry =>
                    counterName(entry.counter) === name &&
                    (!isBudgetCounter(counter) ||
                      entry.windowStart ===
                        this.#budget(counter, time).windowStart),
                )
                .map(entry => ({ at: hold.expiresAt, amount: entry.granted })),
            );
    return lapses.filter(({ at }) => at > time.now).sort((a, b) => a.at - b.at);
  }

  #standing(counter: LimitCounter, time: LimiterTime): Standing {
    const lapses = this.#lapses(counter, time);
    const total = lapses.reduce((sum, { amount }) => sum + amount, 0);
    if (counter.window === 'minute') {
      const last = lastCounting(lapses);
      const resetMs = last === null ? 0 : last - time.now;
      return { spent: total, reserved: 0, resetMs, windowStart: null };
    }
    if (!isBudgetCounter(counter)) {
      return { spent: 0, reserved: total, resetMs: null, windowStart: null };
    }
    const { spent, windowStart } = this.#budget(counter, time);
    const end = windowEndOf(counter.window, windowStart);
    const resetMs = end === null ? null : end - time.calendar;
    return { spent, reserved: total, resetMs, windowStart };
  }

  #clearing(
    counter: LimitCounter,
    time: LimiterTime,
    limit: number,
    least: number,
  ): Clearing {
    const { spent, reserved, resetMs } = this.#standing(counter, time);
    if (least > limit) return { clearsInMs: null, retryAfterMs: null };
    if (isBudgetCounter(counter) && spent + least > limit) {
      return { clearsInMs: resetMs, retryAfterMs: resetMs };
    }
    const lapses = this.#lapses(counter, time);
    const instants = [...new Set(lapses.map(({ at }) => at))];
    const at = instants.find(instant => {
      const gone = lapses
        .filter(lapse => lapse.at <= instant)
        .reduce((sum, { amount }) => sum + amount, 0);
      return spent + reserved - gone + least <= limit;
    });
    if (at === undefined) throw new TypeError('It fits once all has lapsed');
    const lapseIn = at - time.now;
    if (counter.window === 'minute') {
      return { clearsInMs: lapseIn, retryAfterMs: lapseIn };
    }
    const clearsInMs = Math.min(lapseIn, resetMs ?? Infinity);
    return { clearsInMs, retryAfterMs: Math.min(clearsInMs, RETRY_SOON_MS) };
  }
}

function isLive({ hold, closed }: ModelHold, { now }: LimiterTime): boolean {
  return !closed && hold.expiresAt > now;
}

/** The last instant at which something lapses that is not cancelled out by its return. */
function lastCounting(
  lapses: readonly { readonly at: number; readonly amount: number }[],
): number | null {
  const sums = new Map<number, number>();
  for (const { at, amount } of lapses) {
    sums.set(at, (sums.get(at) ?? 0) + amount);
  }
  const counting = [...sums].filter(([, sum]) => sum > 0).map(([at]) => at);
  return counting.length === 0 ? null : Math.max(...counting);
}
