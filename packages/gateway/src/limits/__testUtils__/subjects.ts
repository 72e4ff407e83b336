import type { LimitCounter } from '@ai-gateway/backstage-plugin-ai-gateway-node';
import type {
  BudgetCounterId,
  CounterReading,
  Hold,
  Limiter,
  ReserveRequest,
  ReserveResult,
  Seed,
  SeedResult,
  SettleResult,
} from '../Limiter';
import { LimiterModel } from '../model';
import type { FakeClock } from '../testing/FakeClock';

/** A limiter, or the model of one, as commands ask it. */
export interface Subject {
  reserve(request: ReserveRequest): Promise<ReserveResult>;
  settle(hold: Hold, actual: object): Promise<SettleResult>;
  release(hold: Hold): Promise<SettleResult>;
  trim(hold: Hold, amounts: readonly number[]): Promise<Hold>;
  renew(hold: Hold, ttlMs: number): Promise<Hold | null>;
  seed(seed: Seed): Promise<SeedResult>;
  forget(counter: BudgetCounterId): Promise<void>;
  read(counter: LimitCounter): Promise<CounterReading>;
}

export function modelSubject(clock: FakeClock): Subject {
  const model = new LimiterModel();
  let last: number | null = null;
  const tick = (): [number, number | null] => {
    const monotonic = clock.monotonicMs();
    const since = last === null ? null : monotonic - last;
    last = monotonic;
    return [clock.wallMs(), since];
  };
  return {
    reserve: async request => model.reserve(...tick(), request),
    settle: async (hold, actual) => model.settle(...tick(), hold, actual),
    release: async hold => model.release(...tick(), hold),
    trim: async (hold, amounts) => model.trim(...tick(), hold, amounts),
    renew: async (hold, ttlMs) => model.renew(...tick(), hold, ttlMs),
    seed: async seed => model.seed(...tick(), seed),
    forget: async counter => model.forget(...tick(), counter),
    read: async counter => model.read(...tick(), counter),
  };
}

export function limiterSubject(limiter: Limiter): Subject {
  return {
    reserve: request => limiter.reserve(request),
    settle: (hold, actual) => limiter.settle(hold, actual),
    release: hold => limiter.release(hold),
    trim: (hold, amounts) => limiter.trim(hold, amounts),
    renew: async (hold, ttlMs) => (await limiter.renew([hold], ttlMs))[0],
    seed: async seed => (await limiter.seed([seed]))[0],
    forget: counter => limiter.forget([counter]),
    read: async counter => (await limiter.read([counter]))[0],
  };
}

/** What one gateway remembers of an admission. */
export interface Admission {
  readonly hold: Hold;
  readonly request: ReserveRequest;
}

/** The same but for where it was: which store a hold is in is the one thing that differs. */
export const comparable = (seen: unknown[]) =>
  JSON.parse(JSON.stringify(seen).replaceAll('"shared"', '"local"'));
