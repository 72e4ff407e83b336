import type {
  LimitCounter,
  LimitSubject,
} from '@ai-gateway/backstage-plugin-ai-gateway-node';
import type {
  BudgetCounterId,
  CounterReading,
  Hold,
  Limiter,
  ReserveEntry,
  ReserveResult,
  SeedResult,
  Violation,
} from '../Limiter';
import type { FakeClock } from '../testing/FakeClock';

/** A limiter under the contract, and its clock. */
export interface LimiterUnderTest {
  readonly limiter: Limiter;
  readonly clock: FakeClock;
  /** Makes the store lose all it knows. */
  loseMemory(): Promise<void>;
}

export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const DAY = 24 * 60 * MINUTE;
/** A Friday afternoon, late in a month. */
export const CONTRACT_START = Date.parse('2026-02-27T15:30:20.250Z');

const key: LimitSubject = { kind: 'key', id: 'k1' };
const project: LimitSubject = { kind: 'project', id: 'payments/eu' };

export const rpm: LimitCounter = {
  subject: key,
  measure: 'requests',
  window: 'minute',
};
export const tpm: LimitCounter = {
  subject: project,
  measure: 'tokens',
  window: 'minute',
};
export const streams: LimitCounter = {
  subject: key,
  measure: 'concurrency',
  window: 'none',
};
export const daily: BudgetCounterId = {
  subject: project,
  measure: 'tokens',
  window: 'day',
};
export const monthly: BudgetCounterId = {
  subject: project,
  measure: 'money',
  window: 'month',
};
export const forever: BudgetCounterId = {
  subject: project,
  measure: 'money',
  window: 'total',
};

export function entry(
  counter: LimitCounter,
  limit: number,
  amount: number = 1,
  least?: number,
): ReserveEntry {
  const whole = { counter, limit, amount };
  return least === undefined ? whole : { ...whole, least };
}

export function admitted(result: ReserveResult): Hold {
  if (result.outcome !== 'admitted') {
    throw new Error(`Not admitted: ${JSON.stringify(result)}`);
  }
  return result.hold;
}

export function violations(result: ReserveResult): readonly Violation[] {
  if (result.outcome !== 'refused') {
    throw new Error(`Not refused: ${JSON.stringify(result)}`);
  }
  return result.violations;
}

/** What the parts of the contract have in common: a limiter that is new in each test, and short ways to ask it. */
export class ContractFixture {
  #current: LimiterUnderTest | null = null;
  #ids = 0;

  begin(current: LimiterUnderTest): void {
    this.#current = current;
  }

  get limiter(): Limiter {
    return this.#underTest.limiter;
  }

  get clock(): FakeClock {
    return this.#underTest.clock;
  }

  loseMemory = (): Promise<void> => this.#underTest.loseMemory();

  reserve = (
    entries: readonly ReserveEntry[],
    { holdId = '', ttlMs = 2 * MINUTE } = {},
  ): Promise<ReserveResult> => {
    this.#ids += 1;
    return this.limiter.reserve({
      holdId: holdId || `hold-${this.#ids}`,
      ttlMs,
      entries,
    });
  };

  /** Seeds the window that it is now. */
  seed = async (
    counter: BudgetCounterId,
    spent: number = 0,
    exact: boolean = false,
  ): Promise<readonly SeedResult[]> => {
    const [{ windowStart }] = await this.limiter.read([counter]);
    if (windowStart === null) throw new Error('A budget without a window');
    return this.limiter.seed([{ counter, windowStart, spent, exact }]);
  };

  standing = async (
    counter: LimitCounter,
  ): Promise<Pick<CounterReading, 'spent' | 'reserved' | 'seeded'>> => {
    const [{ spent, reserved, seeded }] = await this.limiter.read([counter]);
    return { spent, reserved, seeded };
  };

  get #underTest(): LimiterUnderTest {
    if (!this.#current) throw new Error('No test has begun');
    return this.#current;
  }
}
