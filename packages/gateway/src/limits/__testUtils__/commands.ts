import {
  isBudgetCounter,
  windowStartOf,
  type LimitCounter,
  type LimitSubject,
} from '@ai-gateway/backstage-plugin-ai-gateway-node';
import fc from 'fast-check';
import type { BudgetCounterId, Hold, Seed } from '../Limiter';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
export const START = Date.parse('2026-02-27T22:00:00Z');

const key: LimitSubject = { kind: 'key', id: 'k1' };
const project: LimitSubject = { kind: 'project', id: 'payments' };

const BUDGETS: readonly BudgetCounterId[] = [
  { subject: key, measure: 'tokens', window: 'day' },
  { subject: project, measure: 'money', window: 'week' },
  { subject: project, measure: 'money', window: 'month' },
  { subject: project, measure: 'money', window: 'total' },
];
/** What the commands are about. */
export const COUNTERS: readonly LimitCounter[] = [
  { subject: key, measure: 'requests', window: 'minute' },
  { subject: key, measure: 'tokens', window: 'minute' },
  { subject: key, measure: 'concurrency', window: 'none' },
  { subject: project, measure: 'tokens', window: 'minute' },
  ...BUDGETS,
];

/** Up to a million dollars in nano-dollars. */
const MONEY = 10 ** 15;

const amountOf = (counter: LimitCounter, max: number) => {
  switch (counter.measure) {
    case 'concurrency':
      return fc.constant(1);
    case 'money':
      return fc.integer({ min: 0, max: MONEY / 8 });
    default:
      return fc.integer({ min: 0, max });
  }
};

const limitOf = (counter: LimitCounter) => {
  switch (counter.measure) {
    case 'concurrency':
      return fc.integer({ min: 0, max: 4 });
    case 'money':
      return fc.integer({ min: 0, max: MONEY });
    default:
      return fc.integer({ min: 0, max: 200 });
  }
};

const entryOf = (counter: LimitCounter) =>
  fc
    .tuple(limitOf(counter), amountOf(counter, 60), fc.boolean(), fc.nat(100))
    .map(([limit, amount, inPart, percent]) => ({
      counter,
      limit,
      amount,
      ...(inPart && counter.measure !== 'concurrency'
        ? { least: Math.floor((amount * percent) / 100) }
        : {}),
    }));

const holdIds = fc.nat(7).map(n => `h${n}`);
const ttls = fc.integer({ min: 1, max: 3 * MINUTE });
const actuals = fc.record(
  {
    requests: fc.nat(2),
    tokens: fc.nat(120),
    money: fc.nat(MONEY / 8),
    ageMs: fc.oneof(fc.constant(0), fc.nat(MINUTE)),
  },
  { requiredKeys: [] },
);
/** What is kept of an entry, in percent of what is granted. */
const keptParts = fc.tuple(...COUNTERS.map(() => fc.nat(120)));
const times = fc.oneof(
  fc.nat(3000),
  fc.nat(2 * MINUTE),
  fc.nat(2 * HOUR),
  fc.nat(40 * DAY),
);

/** Anything that a limiter may be asked, and time as it passes. */
export const commands = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant('reserve' as const),
      holdId: holdIds,
      ttlMs: ttls,
      entries: fc
        .subarray([...COUNTERS], { minLength: 1 })
        .chain(counters => fc.tuple(...counters.map(entryOf))),
      /** What the ledger says, should it be asked. */
      ledger: fc.nat(100),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('settle' as const),
      holdId: holdIds,
      actual: actuals,
    }),
  },
  fc.record({ do: fc.constant('release' as const), holdId: holdIds }),
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('trim' as const),
      holdId: holdIds,
      keeps: keptParts,
      /** Whether what comes back is gone by from now on; otherwise the older copy is. */
      goesBy: fc.boolean(),
    }),
  },
  fc.record({
    do: fc.constant('renew' as const),
    holdId: holdIds,
    ttlMs: ttls,
  }),
  fc.record({
    /** A hold that the store knows nothing of, as after it lost its memory; it may be trimmed first. */
    do: fc.constant('settleUnknown' as const),
    id: fc.nat(3),
    admittedAgoMs: fc.nat(20 * MINUTE),
    granted: fc.nat(60),
    actual: actuals,
    keeps: fc.option(keptParts),
  }),
  fc.record({
    do: fc.constant('seed' as const),
    counter: fc.constantFrom(...BUDGETS),
    spent: fc.nat(300),
    exact: fc.boolean(),
  }),
  fc.record({
    do: fc.constant('forget' as const),
    counter: fc.constantFrom(...BUDGETS),
  }),
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('pass' as const), ms: times }),
  },
  fc.record({
    do: fc.constant('jump' as const),
    ms: fc.tuple(times, fc.boolean()).map(([ms, back]) => (back ? -ms : ms)),
  }),
);

export type Command = typeof commands extends fc.Arbitrary<infer C> ? C : never;

/** The hold that nobody knows. */
export function unknownHold(
  command: Extract<Command, { do: 'settleUnknown' }>,
  now: number,
): Hold {
  const admittedAt = now - command.admittedAgoMs;
  return {
    id: `unknown${command.id}`,
    store: 'local',
    admittedAt,
    expiresAt: Math.ceil(admittedAt / 5000) * 5000 + MINUTE,
    entries: COUNTERS.map(counter => ({
      counter,
      granted: counter.measure === 'concurrency' ? 1 : command.granted,
      windowStart: isBudgetCounter(counter)
        ? windowStartOf(counter.window, admittedAt)
        : null,
    })),
  };
}

/** The amounts that a hold is trimmed to. */
export function keptAmounts(
  { entries }: Hold,
  keeps: readonly number[],
): readonly number[] {
  return entries.map(({ granted }, n) =>
    Math.floor((granted * keeps[n]) / 100),
  );
}

export function seedOf(
  { counter, spent, exact }: Extract<Command, { do: 'seed' }>,
  now: number,
): Seed {
  const windowStart = windowStartOf(counter.window, now);
  return { counter, windowStart, spent, exact };
}
