import type {
  DegradedMode,
  LimitCounter,
} from '@ai-gateway/backstage-plugin-ai-gateway-node';
import type { Redis } from 'ioredis';
import { setTimeout as delay } from 'node:timers/promises';
import { systemClock } from './clock';
import { InProcessLimiter } from './InProcessLimiter';
import type {
  BudgetCounterId,
  Hold,
  Limiter,
  ReserveEntry,
  ReserveRequest,
  ReserveResult,
} from './Limiter';
import { connectRedis } from './redis/connectRedis';
import { RedisLimiter } from './redis/RedisLimiter';
import { ResilientLimiter, type LimiterMode } from './ResilientLimiter';
import { describeWithRedis } from './testing/describeWithRedis';
import { RedisServer } from './testing/RedisServer';

jest.setTimeout(20_000);

const subject = { kind: 'project', id: 'p' } as const;
const rpm: LimitCounter = { subject, measure: 'requests', window: 'minute' };
const quota: BudgetCounterId = { subject, measure: 'tokens', window: 'total' };
const money: BudgetCounterId = { subject, measure: 'money', window: 'total' };

const entry = (
  counter: LimitCounter,
  limit: number,
  amount: number,
  whenDegraded?: DegradedMode,
): ReserveEntry => ({
  counter,
  limit,
  amount,
  ...(whenDegraded && { whenDegraded }),
});

const held = (result: ReserveResult): Hold => {
  if (result.outcome !== 'admitted') {
    throw new Error(`Not admitted: ${JSON.stringify(result)}`);
  }
  return result.hold;
};

/** A limiter that does some things its own way. */
const standIn = (limiter: Limiter, own: Partial<Limiter>): Limiter => ({
  reserve: request => limiter.reserve(request),
  settle: (hold, actual) => limiter.settle(hold, actual),
  release: hold => limiter.release(hold),
  trim: (hold, amounts) => limiter.trim(hold, amounts),
  renew: (holds, ttlMs) => limiter.renew(holds, ttlMs),
  seed: seeds => limiter.seed(seeds),
  forget: counters => limiter.forget(counters),
  read: counters => limiter.read(counters),
  ...own,
});

describeWithRedis('ResilientLimiter', () => {
  let server: RedisServer;
  let connection: Redis;
  let shared: Limiter;
  let limiter: ResilientLimiter;
  let modes: LimiterMode[];
  let onChange: (() => void) | null;
  let ids = 0;

  /** With more time than the 50 ms that are the default, for a computer that is busy. */
  const create = (options: { queueLimit?: number; deadlineMs?: number } = {}) =>
    ResilientLimiter.create({
      shared,
      local: InProcessLimiter.create({ clock: systemClock }),
      clock: systemClock,
      replicas: () => 2,
      deadlineMs: 150,
      breaker: { failures: 3, openMs: 50 },
      onMode: mode => {
        modes.push(mode);
        onChange?.();
      },
      ...options,
    });

  beforeAll(async () => {
    server = await RedisServer.start(6392);
    connection = connectRedis(server.url, () => {});
    await new Promise(resolve => connection.once('ready', resolve));
  });

  afterAll(async () => {
    connection.disconnect();
    await server.kill();
  });

  beforeEach(async () => {
    await connection.flushall();
    modes = [];
    onChange = null;
    shared = RedisLimiter.create({ connection, clock: systemClock });
    limiter = create();
  });

  afterEach(() => {
    limiter.close();
  });

  const reserve = (entries: readonly ReserveEntry[]) =>
    limiter.reserve({ holdId: `r${(ids += 1)}`, ttlMs: 60_000, entries });

  const seed = (counter: BudgetCounterId, spent: number) =>
    limiter.seed([{ counter, windowStart: 0, spent }]);

  /** Asks for nothing that counts until the store is given up. */
  const untilDegraded = async () => {
    while (limiter.mode === 'normal') await limiter.read([rpm]);
  };

  const untilNormal = async () => {
    if (limiter.mode === 'normal') return;
    await new Promise<void>(resolve => {
      onChange = resolve;
    });
  };

  const spentIn = async (counter: LimitCounter) =>
    (await shared.read([counter]))[0];

  /** For what is done in the background. */
  const until = async (what: () => Promise<boolean>) => {
    const deadline = Date.now() + 5000;
    while (!(await what())) {
      if (Date.now() > deadline) throw new Error('It did not come to be');
      await new Promise(resolve => setImmediate(resolve));
    }
  };

  it('counts with the others while all is well', async () => {
    await seed(money, 10);
    const hold = held(await reserve([entry(money, 100, 20)]));
    await limiter.settle(hold, { money: 15 });
    expect(await spentIn(money)).toMatchObject({ spent: 25, reserved: 0 });
    expect(modes).toEqual([]);
  });

  it.each([
    ['killed', () => server.kill(), () => server.start()],
    [
      'frozen',
      async () => server.freeze(),
      async () => {
        server.thaw();
      },
    ],
  ])(
    'admits its share while Redis is %s, within the deadline, and comes back by itself',
    async (_how, breakIt, mendIt) => {
      limiter.close();
      limiter = create({ deadlineMs: undefined });
      await breakIt();
      const began = performance.now();
      expect(await reserve([entry(rpm, 8, 1)])).toMatchObject({
        outcome: 'admitted',
        figures: [{ limit: 4, remaining: 3 }],
      });
      expect(performance.now() - began).toBeLessThan(300);

      await untilDegraded();
      const again = performance.now();
      for (let n = 0; n < 3; n += 1) held(await reserve([entry(rpm, 8, 1)]));
      const refused = await reserve([entry(rpm, 8, 1)]);
      expect(refused).toMatchObject({
        outcome: 'refused',
        violations: [{ limit: 4, spent: 4 }],
      });
      expect(performance.now() - again).toBeLessThan(50);

      await mendIt();
      await untilNormal();
      expect(modes).toEqual(['degraded', 'normal']);
      expect(await reserve([entry(rpm, 8, 1)])).toMatchObject({
        outcome: 'admitted',
        hold: { store: 'shared' },
        figures: [{ limit: 8 }],
      });
    },
  );

  describe('while Redis is frozen', () => {
    let before: Hold;

    beforeEach(async () => {
      await seed(money, 100);
      await seed(quota, 100);
      before = held(
        await reserve([entry(money, 1000, 50), entry(quota, 1000, 50)]),
      );
      server.freeze();
      await untilDegraded();
    });

    afterEach(async () => {
      server.thaw();
      await untilNormal();
    });

    const thawed = async () => {
      server.thaw();
      await untilNormal();
    };

    it('denies money, and says which', async () => {
      expect(
        await reserve([entry(rpm, 100, 1), entry(money, 1000, 1)]),
      ).toMatchObject({ outcome: 'unavailable', counters: [money] });
      expect(await reserve([entry(rpm, 100, 50)])).toMatchObject({
        outcome: 'admitted',
      });
    });

    it('admits its part of what the ledger says is left, where that is declared', async () => {
      const cap = { mode: 'cap', fraction: 0.1 } as const;
      const asked = (amount: number) =>
        reserve([entry(money, 1000, amount, cap)]);
      expect(await asked(1)).toEqual({
        outcome: 'needs-seed',
        needsSeed: [{ counter: money, windowStart: 0 }],
      });
      await seed(money, 400);
      held(await asked(60));
      expect(await asked(1)).toMatchObject({
        outcome: 'refused',
        violations: [{ limit: 460, spent: 400, reserved: 60 }],
      });
    });

    it('settles what was reserved before, once Redis is back, and once', async () => {
      expect(await limiter.settle(before, { money: 30, tokens: 20 })).toEqual({
        outcome: 'queued',
        balances: [],
      });
      await limiter.settle(before, { money: 99, tokens: 99 });
      expect(limiter.waiting).toBe(2);
      await thawed();
      expect(await spentIn(money)).toMatchObject({ spent: 130, reserved: 0 });
      expect(await spentIn(quota)).toMatchObject({ spent: 120, reserved: 0 });
    });

    it('tells Redis what was spent alone', async () => {
      await reserve([entry(quota, 1000, 30)]);
      await seed(quota, 100);
      const hold = held(await reserve([entry(quota, 1000, 30)]));
      expect(hold.store).toBe('local');
      expect(await limiter.settle(hold, { tokens: 40 })).toMatchObject({
        outcome: 'settled',
        balances: [{ spent: 140 }],
      });
      await limiter.settle(hold, { tokens: 40 });
      await thawed();
      expect(await spentIn(quota)).toMatchObject({ spent: 140, reserved: 50 });
    });

    it('settles what was reserved alone after Redis is back', async () => {
      await seed(quota, 100);
      const hold = held(await reserve([entry(quota, 1000, 30)]));
      await thawed();
      await limiter.settle(hold, { tokens: 40 });
      expect(await spentIn(quota)).toMatchObject({ spent: 140, reserved: 50 });
    });

    it('knows nothing of budgets from an earlier time alone', async () => {
      await seed(quota, 100);
      await thawed();
      server.freeze();
      await untilDegraded();
      expect(await reserve([entry(quota, 1000, 1)])).toMatchObject({
        outcome: 'needs-seed',
      });
    });

    it('keeps holds that it cannot renew', async () => {
      expect(await limiter.renew([before], 60_000)).toEqual([before]);
    });

    it('keeps what it cannot give back, and does not come back to it', async () => {
      expect(await limiter.trim(before, [10, 10])).toEqual(before);
      expect(limiter.waiting).toBe(0);
      await thawed();
      expect(await spentIn(money)).toMatchObject({ spent: 100, reserved: 50 });
      await limiter.settle(before, { money: 30, tokens: 20 });
      expect(await spentIn(money)).toMatchObject({ spent: 130, reserved: 0 });
    });

    it('gives back what was reserved alone, and settles it once with both', async () => {
      await seed(quota, 100);
      const hold = held(await reserve([entry(quota, 1000, 300)]));
      const kept = await limiter.trim(hold, [30]);
      expect(kept.entries).toMatchObject([{ granted: 30 }]);
      expect((await limiter.read([quota]))[0]).toMatchObject({ reserved: 30 });
      await thawed();
      await limiter.trim(kept, [20]);
      await limiter.settle(kept, { tokens: 15 });
      expect(await spentIn(quota)).toMatchObject({ spent: 115, reserved: 50 });
    });
  });

  it('forgets nothing when Redis comes back with no memory: budgets are seeded', async () => {
    await seed(money, 100);
    const hold = held(await reserve([entry(money, 1000, 50)]));
    await server.kill();
    await untilDegraded();
    await limiter.settle(hold, { money: 30 });
    await server.start();
    await untilNormal();
    expect(await reserve([entry(money, 1000, 1)])).toMatchObject({
      outcome: 'needs-seed',
    });
    // The ledger does not have it yet.
    await seed(money, 100);
    expect(await spentIn(money)).toMatchObject({ spent: 130 });
  });

  it('has budgets seeded from the ledger when more was settled than it can remember', async () => {
    limiter.close();
    limiter = create({ queueLimit: 5 });
    await seed(money, 100);
    const holds = await Promise.all(
      Array.from({ length: 9 }, async () =>
        held(await reserve([entry(money, 1000, 1)])),
      ),
    );
    server.freeze();
    await untilDegraded();
    for (const hold of holds) await limiter.settle(hold, { money: 1 });
    expect(limiter.waiting).toBe(5);
    server.thaw();
    await untilNormal();
    expect(await reserve([entry(money, 1000, 1)])).toMatchObject({
      outcome: 'needs-seed',
    });
  });

  it('releases a reservation whose answer came too late', async () => {
    await seed(money, 0);
    await seed(quota, 0);
    server.freeze();
    const share = { mode: 'share' } as const;
    const request = {
      holdId: 'late',
      ttlMs: 60_000,
      entries: [entry(quota, 1000, 30, share)],
    };
    expect(await limiter.reserve(request)).toMatchObject({
      outcome: 'needs-seed',
    });
    server.thaw();
    await until(
      async () =>
        (await connection.exists('{aigw:limits}:hold:late')) === 1 &&
        (await spentIn(quota)).reserved === 0,
    );
    // The same admission goes on alone: its hold in Redis is closed.
    await seed(quota, 0);
    expect(await limiter.reserve(request)).toMatchObject({
      outcome: 'admitted',
      hold: { store: 'local' },
    });
  });

  it('tells again what Redis failed to take when it was told first', async () => {
    let failing = 0;
    const redis = shared;
    limiter.close();
    shared = standIn(redis, {
      settle: async (hold, actual) => {
        failing -= 1;
        if (failing >= 0) throw new Error('READONLY');
        return redis.settle(hold, actual);
      },
    });
    limiter = create();
    await seed(money, 100);
    const holds = [
      held(await reserve([entry(money, 1000, 5)])),
      held(await reserve([entry(money, 1000, 5)])),
    ];
    server.freeze();
    await untilDegraded();
    for (const hold of holds) await limiter.settle(hold, { money: 5 });
    failing = 3;
    server.thaw();
    await untilNormal();
    expect(await spentIn(money)).toMatchObject({ spent: 110, reserved: 0 });
  });

  it('goes on with what it cannot give back, whether the answer is late or an error', async () => {
    const redis = shared;
    let fails = true;
    limiter.close();
    shared = standIn(redis, {
      trim: async (hold, amounts) => {
        if (fails) throw new Error('READONLY');
        return redis.trim(hold, amounts);
      },
    });
    limiter = create();
    await seed(money, 100);
    const hold = held(await reserve([entry(money, 1000, 50)]));
    expect(await limiter.trim(hold, [10])).toEqual(hold);
    expect(await spentIn(money)).toMatchObject({ reserved: 50 });
    fails = false;
    server.freeze();
    expect(await limiter.trim(hold, [20])).toEqual(hold);
    server.thaw();
    // What was late is done, and is no harm to what follows.
    await until(async () => (await spentIn(money)).reserved === 20);
    expect(await limiter.trim(hold, [30])).toMatchObject({
      entries: [{ granted: 20 }],
    });
    await limiter.settle(hold, { money: 40 });
    expect(await spentIn(money)).toMatchObject({ spent: 140, reserved: 0 });
    expect(modes).toEqual([]);
  });

  it('stays as it is after a single failure', async () => {
    server.freeze();
    await limiter.read([rpm]);
    server.thaw();
    await until(async () => {
      const result = await reserve([entry(rpm, 100, 1)]);
      return result.outcome === 'admitted' && result.hold.store === 'shared';
    });
    expect(modes).toEqual([]);
  });

  it('takes what fails at one moment for one failure, however much it is', async () => {
    server.freeze();
    await Promise.all(Array.from({ length: 20 }, () => limiter.read([rpm])));
    server.thaw();
    await until(async () => {
      const result = await reserve([entry(rpm, 100, 1)]);
      return result.outcome === 'admitted' && result.hold.store === 'shared';
    });
    expect(modes).toEqual([]);
  });

  it('waits for a Redis that answers one after the other for longer than the deadline', async () => {
    const redis = shared;
    let turn = Promise.resolve();
    limiter.close();
    shared = standIn(redis, {
      reserve: (request: ReserveRequest) => {
        turn = turn.then(() => delay(10));
        return turn.then(() => redis.reserve(request));
      },
    });
    limiter = create();
    await seed(money, 0);
    const results = await Promise.all(
      Array.from({ length: 40 }, () => reserve([entry(money, 1000, 1)])),
    );
    expect(results.map(result => held(result).store)).toEqual(
      results.map(() => 'shared'),
    );
    expect(modes).toEqual([]);
  });

  it('waits once more, for the same answer, before it says that a budget cannot be told', async () => {
    const DEADLINE_MS = 400;
    limiter.close();
    limiter = create({ deadlineMs: DEADLINE_MS });
    await seed(money, 0);
    const leases: LimitCounter = {
      subject,
      measure: 'concurrency',
      window: 'none',
    };
    server.freeze();
    const asked = reserve([entry(leases, 1, 1), entry(money, 1000, 1)]);
    await delay(1.5 * DEADLINE_MS);
    server.thaw();
    expect(held(await asked).store).toBe('shared');
    expect((await shared.read([leases]))[0]).toMatchObject({ reserved: 1 });
    expect(modes).toEqual([]);
  });

  it('lets bugs be seen as bugs', async () => {
    await expect(reserve([entry(rpm, 5, 0.5)])).rejects.toThrow(TypeError);
    expect(modes).toEqual([]);
  });
});
