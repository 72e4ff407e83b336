import { TestDatabases } from '@backstage/backend-test-utils';
import { AdmissionStage } from './__testUtils__/AdmissionStage';
import { eventually } from './__testUtils__/eventually';
import { startTestRedis } from './__testUtils__/startTestRedis';
import type { TestKey } from './__testUtils__/TestControlPlane';
import type { RunningGateway } from './app';
import { systemClock } from './limits/clock';
import { connectRedis } from './limits/redis/connectRedis';
import { RedisLimiter } from './limits/redis/RedisLimiter';
import { describeWithRedis } from './limits/testing/describeWithRedis';
import type { RedisServer } from './limits/testing/RedisServer';

jest.setTimeout(60_000);

// Out here, so that databases are taken away after what uses them.
const databases = TestDatabases.create({ ids: ['POSTGRES_18'] });

const SUBJECT = { kind: 'project', id: 'search' } as const;
const REQUESTS = {
  subject: SUBJECT,
  measure: 'requests',
  window: 'minute',
} as const;
const MONEY = { subject: SUBJECT, measure: 'money', window: 'month' } as const;

describeWithRedis('gateways that reserve ahead for those who ask often', () => {
  let redis: RedisServer;
  let connection: ReturnType<typeof connectRedis>;
  let stage: AdmissionStage;
  let key: TestKey;
  let gateways: RunningGateway[];

  beforeEach(async () => {
    redis = await startTestRedis();
    connection = connectRedis(redis.url, () => undefined);
    stage = await AdmissionStage.create(await databases.init('POSTGRES_18'));
    key = await stage.plane.addKey();
    gateways = await Promise.all([
      stage.start({ redisUrl: redis.url }),
      stage.start({ redisUrl: redis.url }),
    ]);
  });

  afterEach(async () => {
    await stage.close();
    connection.disconnect();
    await redis.kill();
  });

  const askAtOnce = (count: number) =>
    Promise.all(
      Array.from({ length: count }, (_, i) =>
        stage.ask(gateways[i % gateways.length], key),
      ),
    );

  /** So many requests, some at a time, to all gateways in turn; says how many were answered with what. */
  const askMany = async (count: number) => {
    const statuses: number[] = [];
    for (let n = 0; n < count; n += 20) {
      const asked = await askAtOnce(Math.min(20, count - n));
      statuses.push(...asked.map(({ status }) => status));
    }
    return (status: number) => statuses.filter(one => one === status).length;
  };

  /** How often Redis has run our script. */
  const calls = async () => {
    const stats = await connection.info('commandstats');
    return Number(/cmdstat_evalsha:calls=(\d+)/.exec(stats)?.[1] ?? 0);
  };

  const readings = () =>
    RedisLimiter.create({ connection, clock: systemClock }).read([
      REQUESTS,
      MONEY,
    ]);

  it('ask Redis far less often than they are asked, and count exactly what was used', async () => {
    await stage.plane.addLimit('project:search', {
      measure: 'requests',
      window: 'minute',
      amount: 1_000_000,
    });
    await stage.plane.addBudget('project:search', {
      window: 'month',
      amount: 1_000_000,
    });
    await stage.plane.applied();
    const before = await calls();
    expect((await askMany(400))(200)).toBe(400);
    // Each by itself would be at least one call in a turn of both gateways, before it and after it.
    expect((await calls()) - before).toBeLessThan(150);

    await eventually(async () =>
      (await readings()).every(({ reserved }) => reserved === 0),
    );
    const [requests, money] = await readings();
    expect(requests.spent).toBe(400);
    await eventually(async () => (await stage.plane.events()).length === 400);
    expect(BigInt(money.spent)).toBe(await stage.spent());
  });

  it('let in exactly as many as a limit allows, together', async () => {
    await stage.plane.addLimit('project:search', {
      measure: 'requests',
      window: 'minute',
      amount: 400,
    });
    await stage.plane.applied();
    const before = await calls();
    const first = await askMany(300);
    expect(first(200)).toBe(300);
    expect((await calls()) - before).toBeLessThan(290);
    const then = await askMany(200);
    expect(then(200)).toBe(100);
    expect(then(429)).toBe(100);
  });

  it('tell in headers what remains, request by request', async () => {
    await stage.plane.addLimit('project:search', {
      measure: 'requests',
      window: 'minute',
      amount: 1_000_000,
    });
    await stage.plane.applied();
    const remaining: number[] = [];
    for (let n = 0; n < 60; n++) {
      const { headers } = await stage.ask(gateways[0], key);
      remaining.push(Number(headers.get('x-ratelimit-remaining-requests')));
    }
    const steps = remaining.slice(1).map((now, n) => remaining[n] - now);
    // Mostly one by one; what is reserved ahead comes and goes in between.
    expect(steps.filter(step => step === 1).length).toBeGreaterThan(30);
    expect(Math.min(...remaining)).toBeGreaterThan(1_000_000 - 200);
  });
});
