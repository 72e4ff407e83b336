import { isBudgetCounter } from '@ai-gateway/backstage-plugin-ai-gateway-node';
import fc from 'fast-check';
import { systemClock } from '../clock';
import {
  commands,
  COUNTERS,
  keptAmounts,
  seedOf,
  START,
  unknownHold,
  type Command,
} from '../__testUtils__/commands';
import { describeWithRedis } from '../testing/describeWithRedis';
import { FakeClock } from '../testing/FakeClock';
import { useRedis } from '../testing/useRedis';
import {
  comparable,
  limiterSubject,
  modelSubject,
  type Admission,
  type Subject,
} from '../__testUtils__/subjects';
import type { ReserveRequest } from '../Limiter';
import { RedisLimiter } from './RedisLimiter';

jest.setTimeout(60_000);

/** What is asked at one moment, of admissions that were known before it. */
function ask(
  subject: Subject,
  group: readonly Command[],
  known: ReadonlyMap<string, Admission>,
  now: number,
): readonly Promise<unknown>[] {
  const requests = new Map<string, ReserveRequest>();
  return group.flatMap((command): Promise<unknown>[] => {
    const admission =
      'holdId' in command ? known.get(command.holdId) : undefined;
    switch (command.do) {
      case 'reserve': {
        // The same id is the same admission.
        const { holdId } = command;
        const first = admission?.request ?? requests.get(holdId) ?? command;
        requests.set(holdId, first);
        return [subject.reserve(first)];
      }
      case 'settle':
        return admission
          ? [subject.settle(admission.hold, command.actual)]
          : [];
      case 'release':
        return admission ? [subject.release(admission.hold)] : [];
      case 'trim':
        if (!admission) return [];
        return [
          subject
            .trim(admission.hold, keptAmounts(admission.hold, command.keeps))
            // Only what is called a hold is noted.
            .then(hold => (command.goesBy ? { hold } : { older: hold })),
        ];
      case 'renew':
        return admission ? [subject.renew(admission.hold, command.ttlMs)] : [];
      case 'settleUnknown': {
        const hold = unknownHold(command, now);
        return [
          ...(command.keeps
            ? [subject.trim(hold, keptAmounts(hold, command.keeps))]
            : []),
          subject.settle(hold, command.actual),
        ];
      }
      case 'seed':
        return [subject.seed(seedOf(command, now))];
      case 'forget':
        return [subject.forget(command.counter)];
      default:
        return [];
    }
  });
}

/** Notes what was admitted, for the groups that follow. */
function note(
  seen: readonly unknown[],
  group: readonly Command[],
  known: Map<string, Admission>,
): void {
  for (const result of seen) {
    const { hold } = Object(result) as { hold?: Admission['hold'] };
    if (!hold) continue;
    const request =
      known.get(hold.id)?.request ??
      group.find(
        command => command.do === 'reserve' && command.holdId === hold.id,
      );
    known.set(hold.id, { hold, request: request as ReserveRequest });
  }
}

const SEED_ALL: readonly Command[] = COUNTERS.flatMap(counter =>
  isBudgetCounter(counter)
    ? [{ do: 'seed', counter, spent: 0, exact: false }]
    : [],
);

const groups = fc.array(
  fc.oneof(
    fc.array(commands, { minLength: 2, maxLength: 12 }),
    fc.constant('seed all' as const),
  ),
  { minLength: 1, maxLength: 12 },
);

describeWithRedis('operations that go to Redis in one call', () => {
  const redis = useRedis(6397);

  beforeEach(async () => {
    await redis.connection.flushall();
  });

  it('do what they would do one after the other, whatever they are', async () => {
    await fc.assert(
      fc.asyncProperty(groups, async sequence => {
        await redis.connection.flushall();
        const clock = new FakeClock(START);
        const { wallMs } = clock;
        const limiter = limiterSubject(
          RedisLimiter.create({ connection: redis.connection, clock, wallMs }),
        );
        const model = modelSubject(clock);
        const ofModel = new Map<string, Admission>();
        const ofLimiter = new Map<string, Admission>();
        for (const group of sequence) {
          const now = clock.wallMs();
          const asked = group === 'seed all' ? SEED_ALL : group;
          const expected = await Promise.all(ask(model, asked, ofModel, now));
          const seen = await Promise.all(ask(limiter, asked, ofLimiter, now));
          expect(comparable(seen)).toEqual(comparable(expected));
          note(expected, asked, ofModel);
          note(seen, asked, ofLimiter);
          const read = (subject: Subject) =>
            Promise.all(COUNTERS.map(counter => subject.read(counter)));
          expect(await read(limiter)).toEqual(await read(model));
          for (const command of asked) {
            if (command.do === 'pass') clock.pass(command.ms);
            if (command.do === 'jump') clock.jump(command.ms);
          }
        }
      }),
      { numRuns: 200 },
    );
  });

  const rpm = (id: string) =>
    ({
      subject: { kind: 'key', id },
      measure: 'requests',
      window: 'minute',
    }) as const;
  const reserve = (limiter: RedisLimiter, n: number, id = 'k') =>
    limiter.reserve({
      holdId: `h${n}`,
      ttlMs: 60_000,
      entries: [{ counter: rpm(id), limit: 100, amount: 1 }],
    });
  const create = () =>
    RedisLimiter.create({ connection: redis.connection, clock: systemClock });
  const callsOf = async () => {
    const stats = await redis.connection.info('commandstats');
    return Number(/cmdstat_evalsha:calls=(\d+)/.exec(stats)?.[1] ?? 0);
  };

  it('are one call for what is asked in one turn, and few for what comes meanwhile', async () => {
    const limiter = create();
    await limiter.read([]);
    const before = await callsOf();
    await Promise.all(
      Array.from({ length: 60 }, (_, n) => reserve(limiter, n)),
    );
    expect(await callsOf()).toBe(before + 1);
    await Promise.all(
      Array.from({ length: 200 }, (_, n) => reserve(limiter, 60 + n)),
    );
    // So that Redis is not busy with one for long.
    expect(await callsOf()).toBe(before + 1 + 4);
    const [{ spent }] = await limiter.read([rpm('k')]);
    expect(spent).toBe(100);
  });

  it('fail alone: a key that holds something else harms who needs it', async () => {
    const limiter = create();
    await redis.connection.lpush(
      '{aigw:limits}:rate:key:odd:requests:minute',
      'x',
    );
    const results = await Promise.allSettled([
      reserve(limiter, 1),
      reserve(limiter, 2, 'odd'),
      reserve(limiter, 3),
    ]);
    expect(results.map(({ status }) => status)).toEqual([
      'fulfilled',
      'rejected',
      'fulfilled',
    ]);
    expect(await limiter.read([rpm('k')])).toMatchObject([{ spent: 2 }]);
  });

  it('fail alone, and leave no lease behind', async () => {
    const limiter = create();
    await redis.connection.lpush(
      '{aigw:limits}:rate:key:odd:requests:minute',
      'x',
    );
    const streams = {
      subject: { kind: 'key', id: 'k' },
      measure: 'concurrency',
      window: 'none',
    } as const;
    const [first, odd] = await Promise.allSettled([
      limiter.reserve({
        holdId: 'h1',
        ttlMs: 60_000,
        entries: [{ counter: streams, limit: 1, amount: 1 }],
      }),
      reserve(limiter, 2, 'odd'),
    ]);
    expect(first).toMatchObject({ value: { outcome: 'admitted' } });
    expect(odd.status).toBe('rejected');
    expect(await limiter.read([streams])).toMatchObject([{ reserved: 1 }]);
  });

  it('fail alone: an id that comes again for something else', async () => {
    const limiter = create();
    const twice = { counter: rpm('k2'), limit: 100, amount: 1 };
    const results = await Promise.allSettled([
      reserve(limiter, 1),
      limiter.reserve({
        holdId: 'h1',
        ttlMs: 60_000,
        entries: [{ counter: rpm('k'), limit: 100, amount: 1 }, twice],
      }),
      reserve(limiter, 2),
    ]);
    expect(results).toMatchObject([
      { status: 'fulfilled' },
      { status: 'rejected', reason: expect.any(TypeError) },
      { status: 'fulfilled' },
    ]);
    expect(await limiter.read([rpm('k'), rpm('k2')])).toMatchObject([
      { spent: 2 },
      { spent: 0 },
    ]);
  });

  it('go to a server that lost the script, all of them', async () => {
    const limiter = create();
    await limiter.read([]);
    await redis.connection.script('FLUSH');
    await Promise.all(Array.from({ length: 9 }, (_, n) => reserve(limiter, n)));
    expect(await limiter.read([rpm('k')])).toMatchObject([{ spent: 9 }]);
  });

  it('are taken whatever their number is: thousands of counters in one', async () => {
    const limiter = create();
    const counters = Array.from({ length: 5000 }, (_, n) => rpm(`k${n}`));
    await reserve(limiter, 1, 'k4999');
    const readings = await limiter.read(counters);
    expect(readings).toHaveLength(5000);
    expect(readings[4999].spent).toBe(1);
  });
});
