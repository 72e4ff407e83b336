import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LimitCounter } from '@ai-gateway/backstage-plugin-ai-gateway-node';
import type { Redis } from 'ioredis';
import { systemClock } from '../clock';
import { CONTRACT_START } from '../contract/fixture';
import { describeLimiterContract } from '../limiterContract';
import { FakeClock } from '../testing/FakeClock';
import { describeWithRedis } from '../testing/describeWithRedis';
import { RedisServer } from '../testing/RedisServer';
import { connectRedis } from './connectRedis';
import { RedisLimiter } from './RedisLimiter';

const rpm: LimitCounter = {
  subject: { kind: 'key', id: 'k1' },
  measure: 'requests',
  window: 'minute',
};
const monthly: LimitCounter = {
  subject: { kind: 'project', id: 'p' },
  measure: 'money',
  window: 'month',
};

describeWithRedis('RedisLimiter in a cluster', () => {
  let folder: string;
  let server: RedisServer;
  let connection: Redis;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'limits-cluster-'));
    server = await RedisServer.start(6395, [
      ...['--cluster-enabled', 'yes', '--dir', folder],
    ]);
    connection = connectRedis(server.url, () => {});
    await new Promise(resolve => connection.once('ready', resolve));
    await connection.cluster('ADDSLOTSRANGE', 0, 16383);
    while (!(await connection.cluster('INFO')).includes('cluster_state:ok')) {
      await new Promise(resolve => setTimeout(resolve, 20));
    }
  });

  afterAll(async () => {
    connection.disconnect();
    await server.kill();
    await rm(folder, { recursive: true });
  });

  it('does all its work on keys of one slot', async () => {
    const limiter = RedisLimiter.create({ connection, clock: systemClock });
    const request = {
      holdId: 'h',
      ttlMs: 60_000,
      entries: [rpm, monthly].map(counter => ({
        counter,
        limit: 20,
        amount: 1,
      })),
    };
    const asked = await limiter.reserve(request);
    if (asked.outcome !== 'needs-seed') throw new Error(asked.outcome);
    await limiter.seed(asked.needsSeed.map(need => ({ ...need, spent: 3 })));
    const result = await limiter.reserve(request);
    if (result.outcome !== 'admitted') throw new Error(result.outcome);
    await limiter.renew([result.hold], 60_000);
    expect(await limiter.settle(result.hold, { money: 2 })).toMatchObject({
      balances: [{ spent: 5 }],
    });
    await limiter.forget(asked.needsSeed.map(({ counter }) => counter));
    expect(await limiter.read([rpm, monthly])).toMatchObject([
      { spent: 1 },
      { spent: 0, seeded: false },
    ]);
  });
});

describeWithRedis('RedisLimiter', () => {
  let server: RedisServer;
  let connection: Redis;

  beforeAll(async () => {
    server = await RedisServer.start(6390);
    connection = connectRedis(server.url, () => {});
    await new Promise(resolve => connection.once('ready', resolve));
  });

  afterAll(async () => {
    connection.disconnect();
    await server.kill();
  });

  beforeEach(async () => {
    await connection.flushall();
  });

  describeLimiterContract(async () => {
    const clock = new FakeClock(CONTRACT_START);
    const { wallMs } = clock;
    return {
      clock,
      limiter: RedisLimiter.create({ connection, clock, wallMs }),
      loseMemory: async () => {
        await connection.flushall();
      },
    };
  });

  describe('by the clock of Redis', () => {
    const create = (prefix?: string) =>
      RedisLimiter.create({ connection, clock: systemClock, prefix });

    it('counts for several gateways as for one', async () => {
      const gateways = [create(), create(), create()];
      const results = await Promise.all(
        Array.from({ length: 90 }, (_, n) =>
          gateways[n % 3].reserve({
            holdId: `h${n}`,
            ttlMs: 60_000,
            entries: [{ counter: rpm, limit: 20, amount: 1 }],
          }),
        ),
      );
      expect(
        results.filter(({ outcome }) => outcome === 'admitted'),
      ).toHaveLength(20);
    });

    it('says by its clock when the month ends', async () => {
      const [reading] = await create().read([monthly]);
      const now = new Date();
      expect(reading.windowStart).toBe(
        Date.UTC(now.getUTCFullYear(), now.getUTCMonth()),
      );
    });

    it('sends its scripts again to a server that lost them', async () => {
      const limiter = create();
      await limiter.read([rpm]);
      await connection.script('FLUSH');
      expect(await limiter.read([rpm])).toHaveLength(1);
    });

    it('puts all keys under one hash tag, and lets all but the clock lapse', async () => {
      const limiter = create('{tag}');
      const request = {
        holdId: 'h',
        ttlMs: 60_000,
        entries: [
          { counter: rpm, limit: 20, amount: 1 },
          { counter: monthly, limit: 20, amount: 1 },
          {
            counter: {
              subject: { kind: 'user', id: 'user:default/{x}' },
              measure: 'concurrency',
              window: 'none',
            },
            limit: 20,
            amount: 1,
          },
        ],
      } as const;
      const asked = await limiter.reserve(request);
      if (asked.outcome !== 'needs-seed') throw new Error(asked.outcome);
      await limiter.seed(asked.needsSeed.map(need => ({ ...need, spent: 0 })));
      await limiter.reserve(request);

      const keys = (await connection.keys('*')).sort();
      expect(keys).toEqual([
        '{tag}:clock',
        '{tag}:count:project:p:money:month',
        '{tag}:count:user:user:default/{x}:concurrency:none',
        '{tag}:hold:h',
        '{tag}:rate:key:k1:requests:minute',
      ]);
      for (const key of keys.slice(1)) {
        expect(await connection.pttl(key)).toBeGreaterThan(60_000);
      }
    });

    it('keeps at most a minute of slices for a rate, however many requests', async () => {
      const clock = new FakeClock(CONTRACT_START);
      const { wallMs } = clock;
      const limiter = RedisLimiter.create({ connection, clock, wallMs });
      for (let n = 0; n < 400; n += 1) {
        await limiter.reserve({
          holdId: `h${n}`,
          ttlMs: 60_000,
          entries: [{ counter: rpm, limit: 1000, amount: 1 }],
        });
        clock.pass(300);
      }
      const bytes = await connection.strlen(
        '{aigw:limits}:rate:key:k1:requests:minute',
      );
      expect(bytes).toBeLessThanOrEqual(8 * (4 + 64));
    });
  });
});
