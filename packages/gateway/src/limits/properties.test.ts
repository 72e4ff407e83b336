import {
  isBudgetCounter,
  windowStartOf,
  type LimitCounter,
  type LimitSubject,
} from '@ai-gateway/backstage-plugin-ai-gateway-node';
import fc from 'fast-check';
import type { Redis } from 'ioredis';
import { InProcessLimiter } from './InProcessLimiter';
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
} from './Limiter';
import { LimiterModel } from './model';
import { connectRedis } from './redis/connectRedis';
import { RedisLimiter } from './redis/RedisLimiter';
import { FakeClock } from './testing/FakeClock';
import { describeWithRedis } from './testing/describeWithRedis';
import { RedisServer } from './testing/RedisServer';

jest.setTimeout(60_000);

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const START = Date.parse('2026-02-27T22:00:00Z');

const key: LimitSubject = { kind: 'key', id: 'k1' };
const project: LimitSubject = { kind: 'project', id: 'payments' };

const BUDGETS: readonly BudgetCounterId[] = [
  { subject: key, measure: 'tokens', window: 'day' },
  { subject: project, measure: 'money', window: 'week' },
  { subject: project, measure: 'money', window: 'month' },
  { subject: project, measure: 'money', window: 'total' },
];
const COUNTERS: readonly LimitCounter[] = [
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
const times = fc.oneof(
  fc.nat(3000),
  fc.nat(2 * MINUTE),
  fc.nat(2 * HOUR),
  fc.nat(40 * DAY),
);

const commands = fc.oneof(
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
  fc.record({
    do: fc.constant('renew' as const),
    holdId: holdIds,
    ttlMs: ttls,
  }),
  fc.record({
    /** A hold that the store knows nothing of, as after it lost its memory. */
    do: fc.constant('settleUnknown' as const),
    id: fc.nat(3),
    admittedAgoMs: fc.nat(20 * MINUTE),
    granted: fc.nat(60),
    actual: actuals,
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

type Command = typeof commands extends fc.Arbitrary<infer C> ? C : never;

interface Subject {
  reserve(request: ReserveRequest): Promise<ReserveResult>;
  settle(hold: Hold, actual: object): Promise<SettleResult>;
  release(hold: Hold): Promise<SettleResult>;
  renew(hold: Hold, ttlMs: number): Promise<Hold | null>;
  seed(seed: Seed): Promise<SeedResult>;
  forget(counter: BudgetCounterId): Promise<void>;
  read(counter: LimitCounter): Promise<CounterReading>;
}

function modelSubject(clock: FakeClock): Subject {
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
    renew: async (hold, ttlMs) => model.renew(...tick(), hold, ttlMs),
    seed: async seed => model.seed(...tick(), seed),
    forget: async counter => model.forget(...tick(), counter),
    read: async counter => model.read(...tick(), counter),
  };
}

function limiterSubject(limiter: Limiter): Subject {
  return {
    reserve: request => limiter.reserve(request),
    settle: (hold, actual) => limiter.settle(hold, actual),
    release: hold => limiter.release(hold),
    renew: async (hold, ttlMs) => (await limiter.renew([hold], ttlMs))[0],
    seed: async seed => (await limiter.seed([seed]))[0],
    forget: counter => limiter.forget([counter]),
    read: async counter => (await limiter.read([counter]))[0],
  };
}

/** What one gateway remembers of an admission. */
interface Admission {
  readonly hold: Hold;
  readonly request: ReserveRequest;
}

/** Does one command, and tells all that can be seen of it. */
async function perform(
  subject: Subject,
  command: Command,
  clock: FakeClock,
  admissions: Map<string, Admission>,
): Promise<unknown[]> {
  const seen: unknown[] = [];
  const tell = <T>(value: T): T => {
    seen.push(value);
    return value;
  };
  const admission =
    'holdId' in command ? admissions.get(command.holdId) : undefined;
  const known = admission?.hold;
  switch (command.do) {
    case 'reserve': {
      // The same id is the same admission.
      const request = admission?.request ?? command;
      let result = tell(await subject.reserve(request));
      if (result.outcome === 'needs-seed') {
        for (const need of result.needsSeed) {
          tell(await subject.seed({ ...need, spent: command.ledger }));
        }
        result = tell(await subject.reserve(request));
      }
      if (result.outcome === 'admitted') {
        admissions.set(command.holdId, { hold: result.hold, request });
      }
      break;
    }
    case 'settle':
      if (known) tell(await subject.settle(known, command.actual));
      break;
    case 'release':
      if (known) tell(await subject.release(known));
      break;
    case 'renew':
      if (known) tell(await subject.renew(known, command.ttlMs));
      break;
    case 'settleUnknown': {
      const admittedAt = clock.wallMs() - command.admittedAgoMs;
      const hold: Hold = {
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
      tell(await subject.settle(hold, command.actual));
      break;
    }
    case 'seed': {
      const { counter, spent, exact } = command;
      const windowStart = windowStartOf(counter.window, clock.wallMs());
      tell(await subject.seed({ counter, windowStart, spent, exact }));
      break;
    }
    case 'forget':
      await subject.forget(command.counter);
      break;
    case 'pass':
    case 'jump':
      break;
    default:
      throw new TypeError(`Unknown command: ${JSON.stringify(command)}`);
  }
  for (const counter of COUNTERS) tell(await subject.read(counter));
  return seen;
}

/** The same but for where it was: which store a hold is in is the one thing that differs. */
const comparable = (seen: unknown[]) =>
  JSON.parse(JSON.stringify(seen).replaceAll('"shared"', '"local"'));

async function expectAsModel(
  create: (clock: FakeClock) => Promise<Limiter>,
  sequence: readonly Command[],
): Promise<void> {
  const clock = new FakeClock(START);
  const model = modelSubject(clock);
  const limiter = limiterSubject(await create(clock));
  const ofModel = new Map<string, Admission>();
  const ofLimiter = new Map<string, Admission>();
  for (const command of sequence) {
    if (command.do === 'pass') clock.pass(command.ms);
    if (command.do === 'jump') clock.jump(command.ms);
    const expected = await perform(model, command, clock, ofModel);
    const seen = await perform(limiter, command, clock, ofLimiter);
    expect(comparable(seen)).toEqual(comparable(expected));
  }
}

const sequences = fc.array(commands, { minLength: 1, maxLength: 40 });

describe('an implementation does what the model does, whatever comes', () => {
  it('in process', async () => {
    await fc.assert(
      fc.asyncProperty(sequences, sequence =>
        expectAsModel(
          async clock => InProcessLimiter.create({ clock }),
          sequence,
        ),
      ),
      { numRuns: 300 },
    );
  });

  describeWithRedis('in Redis', () => {
    let server: RedisServer;
    let connection: Redis;

    beforeAll(async () => {
      server = await RedisServer.start(6391);
      connection = connectRedis(server.url, () => {});
      await new Promise(resolve => connection.once('ready', resolve));
    });

    afterAll(async () => {
      connection.disconnect();
      await server.kill();
    });

    it('as in process', async () => {
      await fc.assert(
        fc.asyncProperty(sequences, sequence =>
          expectAsModel(async clock => {
            await connection.flushall();
            const { wallMs } = clock;
            return RedisLimiter.create({ connection, clock, wallMs });
          }, sequence),
        ),
        { numRuns: 150 },
      );
    });
  });
});
