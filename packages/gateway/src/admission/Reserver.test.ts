import {
  counterName,
  type DegradedMode,
  type LimitCounter,
} from '@ai-gateway/backstage-plugin-ai-gateway-node';
import type { Redis } from 'ioredis';
import { setTimeout as delay } from 'node:timers/promises';
import { systemClock } from '../limits/clock';
import { InProcessLimiter } from '../limits/InProcessLimiter';
import { connectRedis } from '../limits/redis/connectRedis';
import { RedisLimiter } from '../limits/redis/RedisLimiter';
import { ResilientLimiter } from '../limits/ResilientLimiter';
import { describeWithRedis } from '../limits/testing/describeWithRedis';
import { RedisServer } from '../limits/testing/RedisServer';
import { BlindLimiter } from './BlindLimiter';
import { Reserver, type Reservable } from './Reserver';

jest.setTimeout(20_000);

const DEADLINE_MS = 400;

const subject = { kind: 'key', id: 'k' } as const;
const leases: LimitCounter = {
  subject,
  measure: 'concurrency',
  window: 'none',
};
const money = { subject, measure: 'money', window: 'total' } as const;

/** Of a key that may make one request at a time, and has a budget. */
const planFor = (ofTheBudget: DegradedMode): Reservable => {
  const counted = [
    { counter: leases, limit: 1, whenDegraded: { mode: 'share' } as const },
    { counter: money, limit: 100, whenDegraded: ofTheBudget },
  ].map(one => ({
    ...one,
    name: counterName(one.counter),
    enforced: true,
    refusalStatus: null,
  }));
  return {
    chain: { policies: [], budgets: [], countsMoney: true, counted },
    entries: counted.map(({ counter, limit, whenDegraded }) => ({
      counter,
      limit,
      whenDegraded,
      // All but used up by one request.
      amount: counter === money ? 60 : 1,
    })),
  };
};

describeWithRedis('Reserver', () => {
  let server: RedisServer;
  let connection: Redis;
  let shared: RedisLimiter;
  let limiter: ResilientLimiter;
  let reserver: Reserver;
  let ids = 0;

  beforeAll(async () => {
    server = await RedisServer.start(6394);
    connection = connectRedis(server.url, () => {});
    await new Promise(resolve => connection.once('ready', resolve));
  });

  afterAll(async () => {
    connection.disconnect();
    await server.kill();
  });

  beforeEach(async () => {
    await connection.flushall();
    shared = RedisLimiter.create({ connection, clock: systemClock });
    limiter = ResilientLimiter.create({
      shared,
      local: InProcessLimiter.create({ clock: systemClock }),
      clock: systemClock,
      replicas: () => 1,
      onMode: () => {},
      deadlineMs: DEADLINE_MS,
    });
    reserver = Reserver.create({
      limiter,
      blind: BlindLimiter.create({
        local: InProcessLimiter.create({ clock: systemClock }),
        replicas: () => 1,
      }),
      seeder: {
        seed: async needs => {
          await limiter.seed(needs.map(need => ({ ...need, spent: 0 })));
          return true;
        },
      },
      newId: () => `r${(ids += 1)}`,
    });
    await limiter.seed([{ counter: money, windowStart: 0, spent: 0 }]);
  });

  afterEach(() => {
    limiter.close();
  });

  it.each<[string, DegradedMode]>([
    ['denied', { mode: 'deny' }],
    ['shared out', { mode: 'share' }],
  ])(
    'is not in its own way when one answer of Redis comes late, where budgets are %s',
    async (_, whenDegraded) => {
      server.freeze();
      const reserved = reserver.reserve(planFor(whenDegraded));
      await delay(1.5 * DEADLINE_MS);
      server.thaw();
      expect(await reserved).toMatchObject({ kind: 'reserved' });
    },
  );

  it('says that limits cannot be told, and leaves nothing reserved, when the answer does not come at all', async () => {
    server.freeze();
    const reserved = await reserver.reserve(planFor({ mode: 'deny' }));
    server.thaw();
    expect(reserved).toMatchObject({
      kind: 'unknown',
      why: 'limits_unavailable',
      counters: [money],
    });
    while ((await shared.read([leases, money])).some(one => one.reserved > 0)) {
      await delay(10);
    }
    expect(await reserver.reserve(planFor({ mode: 'deny' }))).toMatchObject({
      kind: 'reserved',
    });
  });
});
