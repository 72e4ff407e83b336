import {
  counterName,
  isBudgetCounter,
  type LimitCounter,
} from '@ai-gateway/backstage-plugin-ai-gateway-node';
import { actualOf, NOTHING } from './actualOf';
import { advance, type Clock, type LimiterTime } from './clock';
import {
  checkAmount,
  checkReserveRequest,
  checkTtl,
  figuresOf,
  leastOf,
  leftOf,
  violationOf,
} from './figures';
import { BudgetState } from './inProcess/BudgetState';
import type { CounterState } from './inProcess/CounterState';
import { LeaseState } from './inProcess/LeaseState';
import { RateState } from './inProcess/RateState';
import { SweptMap } from './inProcess/SweptMap';
import {
  HOLD_MEMORY_MS,
  type ActualAmounts,
  type Balance,
  type BudgetCounterId,
  type CounterReading,
  type Hold,
  type HoldEntry,
  type Limiter,
  type ReserveRequest,
  type ReserveResult,
  type Seed,
  type SeedResult,
  type SettleResult,
  type Violation,
} from './Limiter';
import { expiryOf } from './slices';
import { checkTrim, trimmed } from './trimming';

/** Twice what an operation adds at most for each of its counters, so that dropping keeps ahead. */
const SWEPT_PER_OPERATION = 16;

interface HoldRecord {
  readonly hold: Hold;
  readonly closed: boolean;
  readonly keptUntil: number;
}

/** Counts in this process: for a gateway alone, and for one that has lost the store it shares. */
export class InProcessLimiter implements Limiter {
  readonly #clock: Clock;
  readonly #counters = new SweptMap<CounterState>();
  readonly #holds = new SweptMap<HoldRecord>();
  #time: LimiterTime | null = null;
  #lastOperation: number | null = null;

  private constructor(clock: Clock) {
    this.#clock = clock;
  }

  static create(options: { clock: Clock }): InProcessLimiter {
    return new InProcessLimiter(options.clock);
  }

  /** How much is kept. */
  get size(): { readonly counters: number; readonly holds: number } {
    return { counters: this.#counters.size, holds: this.#holds.size };
  }

  async reserve(request: ReserveRequest): Promise<ReserveResult> {
    checkReserveRequest(request);
    const time = this.#tick();
    const entries = request.entries.map(entry => ({
      entry,
      state: this.#stateOf(entry.counter, time),
    }));
    const record = this.#recordOf(request.holdId, time);
    if (record) {
      const { hold } = record;
      if (record.closed || hold.expiresAt <= time.now) {
        return { outcome: 'closed' };
      }
      checkSame(hold, request.entries);
      return {
        outcome: 'admitted',
        hold,
        repeated: true,
        figures: entries.map(({ entry, state }) =>
          figuresOf(entry, state.standing(time)),
        ),
      };
    }

    const needsSeed = entries.flatMap(({ entry: { counter }, state }) =>
      state instanceof BudgetState && !state.seeded && isBudgetCounter(counter)
        ? [{ counter, windowStart: state.windowStart }]
        : [],
    );
    if (needsSeed.length > 0) return { outcome: 'needs-seed', needsSeed };

    const violations: Violation[] = [];
    const granted = entries.map(({ entry, state }) => {
      const standing = state.standing(time);
      const left = leftOf(entry.limit, standing);
      const least = leastOf(entry);
      if (left < least) {
        const clearing = state.clearing(time, entry.limit, least);
        violations.push(violationOf(entry, standing, clearing));
      }
      return Math.min(entry.amount, left);
    });
    const [first, ...others] = violations;
    if (first) return { outcome: 'refused', violations: [first, ...others] };

    const hold: Hold = {
      id: request.holdId,
      store: 'local',
      admittedAt: time.now,
      expiresAt: expiryOf(time.now, request.ttlMs),
      entries: entries.map(({ entry, state }, at) => ({
        counter: entry.counter,
        granted: granted[at],
        windowStart: state.standing(time).windowStart,
      })),
    };
    entries.forEach(({ state }, at) => state.reserve(hold, granted[at]));
    this.#remember(hold, false, time);
    return {
      outcome: 'admitted',
      hold,
      repeated: false,
      figures: entries.map(({ entry, state }) =>
        figuresOf(entry, state.standing(time)),
      ),
    };
  }

  async settle(hold: Hold, actual: ActualAmounts): Promise<SettleResult> {
    const actuals = hold.entries.map(entry => actualOf(entry, actual));
    const time = this.#tick();
    const record = this.#recordOf(hold.id, time);
    if (record?.closed) return { outcome: 'repeated', balances: [] };
    if (!record && time.now > hold.expiresAt + HOLD_MEMORY_MS) {
      return { outcome: 'too-late', balances: [] };
    }
    const source = record?.hold ?? hold;
    const balances: Balance[] = [];
    source.entries.forEach((entry, at) => {
      const { counter } = entry;
      const state = this.#stateOf(counter, time);
      state.settle({
        hold: source,
        entry,
        actual: actuals[at],
        known: record !== undefined,
        settledAt: time.now - (actual.ageMs ?? 0),
        time,
      });
      if (
        state instanceof BudgetState &&
        state.windowStart === entry.windowStart
      ) {
        const { windowStart, spent } = state;
        balances.push({ counter, windowStart, spent });
      }
    });
    this.#remember(source, true, time);
    return { outcome: 'settled', balances };
  }

  async release(hold: Hold): Promise<SettleResult> {
    return this.settle(hold, NOTHING);
  }

  async trim(hold: Hold, amounts: readonly number[]): Promise<Hold> {
    checkTrim(hold, amounts);
    const time = this.#tick();
    const record = this.#recordOf(hold.id, time);
    if (!record) return trimmed(hold, amounts);
    if (record.closed) return hold;
    const before = record.hold;
    checkSame(before, hold.entries);
    const after = trimmed(before, amounts);
    before.entries.forEach((entry, at) => {
      const { granted: kept } = after.entries[at];
      if (kept === entry.granted) return;
      this.#stateOf(entry.counter, time).trim(before, entry, kept, time);
    });
    this.#holds.set(hold.id, { ...record, hold: after });
    return after;
  }

  async renew(
    holds: readonly Hold[],
    ttlMs: number,
  ): Promise<readonly (Hold | null)[]> {
    checkTtl(ttlMs);
    return holds.map(hold => this.#renewOne(hold, ttlMs));
  }

  async seed(seeds: readonly Seed[]): Promise<readonly SeedResult[]> {
    seeds.forEach(seed => checkAmount(seed.spent));
    const time = this.#tick();
    return seeds.map(({ counter, windowStart, spent, exact = false }) => {
      const state = this.#stateOf(counter, time);
      if (
        !(state instanceof BudgetState) ||
        state.windowStart !== windowStart
      ) {
        return 'other-window';
      }
      state.seed(spent, exact, time);
      return 'seeded';
    });
  }

  async forget(counters: readonly BudgetCounterId[]): Promise<void> {
    const time = this.#tick();
    for (const counter of counters) {
      const state = this.#stateOf(counter, time);
      if (state instanceof BudgetState) state.forget();
    }
  }

  async read(
    counters: readonly LimitCounter[],
  ): Promise<readonly CounterReading[]> {
    const time = this.#tick();
    return counters.map(counter => {
      const state = this.#stateOf(counter, time);
      const { spent, reserved, windowStart } = state.standing(time);
      return { counter, windowStart, spent, reserved, seeded: state.seeded };
    });
  }

  #renewOne(hold: Hold, ttlMs: number): Hold | null {
    const time = this.#tick();
    const record = this.#recordOf(hold.id, time);
    if (record?.closed) return null;
    if (!record && time.now > hold.expiresAt + HOLD_MEMORY_MS) return null;
    const source = record?.hold ?? hold;
    const live = record !== undefined && source.expiresAt > time.now;
    const expiresAt = Math.max(source.expiresAt, expiryOf(time.now, ttlMs));
    for (const entry of source.entries) {
      this.#stateOf(entry.counter, time).renew(source, entry, expiresAt, live);
    }
    const renewed = { ...source, expiresAt };
    this.#remember(renewed, false, time);
    return renewed;
  }

  #tick(): LimiterTime {
    const monotonic = this.#clock.monotonicMs();
    const time = advance(
      this.#time,
      this.#clock.wallMs(),
      this.#lastOperation === null
        ? null
        : Math.ceil(monotonic - this.#lastOperation),
    );
    this.#time = time;
    this.#lastOperation = monotonic;
    this.#counters.sweep(SWEPT_PER_OPERATION, state => state.isIdle(time));
    this.#holds.sweep(
      SWEPT_PER_OPERATION,
      ({ keptUntil }) => keptUntil < time.now,
    );
    return time;
  }

  #stateOf(counter: LimitCounter, time: LimiterTime): CounterState {
    const name = counterName(counter);
    let state = this.#counters.get(name);
    if (!state) {
      state = newState(counter, time);
      this.#counters.set(name, state);
    }
    state.advanceTo(time);
    return state;
  }

  #recordOf(id: string, { now }: LimiterTime): HoldRecord | undefined {
    const record = this.#holds.get(id);
    return record && record.keptUntil >= now ? record : undefined;
  }

  #remember(hold: Hold, closed: boolean, { now }: LimiterTime): void {
    const keptUntil = Math.max(hold.expiresAt, now) + HOLD_MEMORY_MS;
    this.#holds.set(hold.id, { hold, closed, keptUntil });
  }
}

function newState(counter: LimitCounter, time: LimiterTime): CounterState {
  switch (counter.window) {
    case 'minute':
      return new RateState();
    case 'none':
      return new LeaseState();
    default:
      return new BudgetState(counter.window, time);
  }
}

function checkSame(
  hold: Hold,
  entries: readonly Pick<HoldEntry, 'counter'>[],
): void {
  const same =
    hold.entries.length === entries.length &&
    hold.entries.every(
      ({ counter }, at) =>
        counterName(counter) === counterName(entries[at].counter),
    );
  if (!same) {
    throw new TypeError(`Hold ${hold.id} was made with other entries`);
  }
}
