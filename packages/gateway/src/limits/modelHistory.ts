import {
  counterName,
  isBudgetCounter,
  windowEndOf,
  windowStartOf,
  type LimitCounter,
} from '@ai-gateway/backstage-plugin-ai-gateway-node';
import { advance, type LimiterTime } from './clock';
import type { Clearing, Standing } from './figures';
import {
  HOLD_MEMORY_MS,
  RETRY_SOON_MS,
  type BudgetCounterId,
  type Hold,
} from './Limiter';

/** An amount in a rate, which counts until it lapses. */
interface Booking {
  readonly name: string;
  readonly at: number;
  readonly amount: number;
}

export interface ModelHold {
  readonly hold: Hold;
  readonly closed: boolean;
  readonly keptUntil: number;
}

export interface ModelBudget {
  readonly windowStart: number;
  readonly spent: number;
  readonly seededAt: number | null;
  readonly strayAt: number | null;
}

/** All that ever happened to the limiter of `model.ts`, which is looked through for every question. */
export class ModelHistory {
  #time: LimiterTime | null = null;
  readonly #bookings: Booking[] = [];
  readonly #holds = new Map<string, ModelHold>();
  readonly #budgets = new Map<string, ModelBudget>();

  advance(wall: number, sinceMs: number | null): LimiterTime {
    this.#time = advance(this.#time, wall, sinceMs);
    return this.#time;
  }

  knownHold(id: string, { now }: LimiterTime): ModelHold | undefined {
    const known = this.#holds.get(id);
    return known && now <= known.keptUntil ? known : undefined;
  }

  keep(hold: Hold, closed: boolean, { now }: LimiterTime): void {
    const keptUntil = Math.max(hold.expiresAt, now) + HOLD_MEMORY_MS;
    this.#holds.set(hold.id, { hold, closed, keptUntil });
  }

  /** Remembers it for as long as before. */
  replace(known: ModelHold, hold: Hold): void {
    this.#holds.set(hold.id, { ...known, hold });
  }

  book(counter: LimitCounter, at: number, amount: number): void {
    if (counter.window !== 'minute') return;
    this.#bookings.push({ name: counterName(counter), at, amount });
  }

  budget(counter: BudgetCounterId, { calendar }: LimiterTime): ModelBudget {
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
    this.keepBudget(counter, budget);
    return budget;
  }

  keepBudget(counter: BudgetCounterId, budget: ModelBudget): void {
    this.#budgets.set(counterName(counter), budget);
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
                        this.budget(counter, time).windowStart),
                )
                .map(entry => ({ at: hold.expiresAt, amount: entry.granted })),
            );
    return lapses.filter(({ at }) => at > time.now).sort((a, b) => a.at - b.at);
  }

  standing(counter: LimitCounter, time: LimiterTime): Standing {
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
    const { spent, windowStart } = this.budget(counter, time);
    const end = windowEndOf(counter.window, windowStart);
    const resetMs = end === null ? null : end - time.calendar;
    return { spent, reserved: total, resetMs, windowStart };
  }

  clearing(
    counter: LimitCounter,
    time: LimiterTime,
    limit: number,
    least: number,
  ): Clearing {
    const { spent, reserved, resetMs } = this.standing(counter, time);
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

export function isLive(
  { hold, closed }: ModelHold,
  { now }: LimiterTime,
): boolean {
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
