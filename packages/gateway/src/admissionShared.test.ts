import { ConfigReader } from '@backstage/config';
import { TestDatabases } from '@backstage/backend-test-utils';
import { AdmissionStage } from './__testUtils__/AdmissionStage';
import { CuttableProxy } from './__testUtils__/CuttableProxy';
import { eventually } from './__testUtils__/eventually';
import { connectionOf, testConfig } from './__testUtils__/startTestGateway';
import { startTestRedis } from './__testUtils__/startTestRedis';
import type { TestKey } from './__testUtils__/TestControlPlane';
import type { RunningGateway } from './app';
import { systemClock } from './limits/clock';
import { connectRedis } from './limits/redis/connectRedis';
import { RedisLimiter } from './limits/redis/RedisLimiter';
import { describeWithRedis } from './limits/testing/describeWithRedis';
import type { RedisServer } from './limits/testing/RedisServer';
import { runRebuildCounters } from './rebuildCounters';
import { createLog } from './telemetry/log';

jest.setTimeout(60_000);

// Out here, so that databases are taken away after what uses them.
const databases = TestDatabases.create({ ids: ['POSTGRES_18'] });

/** Longer than a breaker stays open and than any backoff. */
const A_WHILE = { withinMs: 15_000 };

const modeOf = async (gateway: RunningGateway) => {
  const response = await fetch(`${gateway.url}/readyz`);
  const { limits } = (await response.json()) as { limits: string };
  return limits;
};

describeWithRedis('gateways that count together', () => {
  let redis: RedisServer;
  let stage: AdmissionStage;
  let key: TestKey;
  let gateways: RunningGateway[];

  beforeEach(async () => {
    redis = await startTestRedis();
    stage = await AdmissionStage.create(await databases.init('POSTGRES_18'));
    key = await stage.plane.addKey();
    gateways = await Promise.all([
      stage.start({ redisUrl: redis.url }),
      stage.start({ redisUrl: redis.url }),
    ]);
  });

  afterEach(async () => {
    await stage.close();
    redis.thaw();
    await redis.kill();
  });

  /** What one completion of ten tokens costs, in dollars. */
  const costOfOne = async () => {
    const { completion } = await stage.ask(gateways[0], key);
    const usage = completion?.usage;
    return (
      ((usage?.prompt_tokens ?? NaN) + 2 * (usage?.completion_tokens ?? NaN)) /
      1_000
    );
  };
  const askMany = (count: number) =>
    Promise.all(
      Array.from({ length: count }, (_, n) =>
        stage.ask(gateways[n % gateways.length], key),
      ),
    );
  const countOf = (asked: readonly { status: number }[], status: number) =>
    asked.filter(one => one.status === status).length;

  it('never exceed a budget, whatever comes at once to whichever', async () => {
    const cost = await costOfOne();
    await eventually(async () => (await stage.plane.events()).length === 1);
    await stage.plane.addBudget('project:search', {
      window: 'month',
      // For twenty more.
      amount: Number((cost * 21).toFixed(9)),
    });
    await stage.plane.applied();
    const asked = await askMany(200);
    const answered = countOf(asked, 200);
    expect(answered).toBeLessThanOrEqual(20);
    expect(answered).toBeGreaterThanOrEqual(10);
    expect(countOf(asked, 402)).toBe(200 - answered);
    // What was reserved and not used has come back: it takes as many as it has room for, and then none.
    const rest = await askOneByOne();
    expect(answered + rest).toBe(20);
    await eventually(
      async () => (await stage.plane.events()).length === 21,
      A_WHILE,
    );
    expect(await stage.spent()).toBeLessThanOrEqual(
      BigInt(Math.round(cost * 21 * 1e9)),
    );
  });

  /** As soon as the gateway reaches Redis again. */
  const statusOnceKnown = (gateway: RunningGateway) =>
    eventually(async () => {
      const { status } = await stage.ask(gateway, key);
      return status !== 503 && status;
    }, A_WHILE);

  async function askOneByOne(): Promise<number> {
    let answered = 0;
    while (answered < 100) {
      const gateway = gateways[answered % gateways.length];
      const { status } = await stage.ask(gateway, key);
      if (status !== 200) break;
      answered += 1;
    }
    return answered;
  }

  it('hold requests a minute and those under way together', async () => {
    await stage.plane.addLimit('project:search', {
      measure: 'requests',
      window: 'minute',
      amount: 11,
    });
    await stage.plane.applied();
    const asked = await askMany(60);
    expect(countOf(asked, 200)).toBe(11);
    expect(countOf(asked, 429)).toBe(49);
  });

  it('downshift from the very request on that follows the one which passed the threshold, on whichever', async () => {
    await stage.plane.addBudget('project:search', {
      window: 'month',
      amount: 1,
      thresholds: [{ percent: 10, action: 'downshift', model: 'small' }],
    });
    await stage.plane.applied();
    let spent = 0;
    for (let n = 0; n < 12; n++) {
      const { completion, headers } = await stage.ask(
        gateways[n % gateways.length],
        key,
      );
      const from = headers.get('x-ai-gateway-downshifted-from');
      expect([n, from]).toEqual([n, spent >= 0.1 ? 'big' : null]);
      if (from) continue;
      const usage = completion?.usage;
      spent +=
        ((usage?.prompt_tokens ?? NaN) +
          2 * (usage?.completion_tokens ?? NaN)) /
        1_000;
    }
    expect(spent).toBeGreaterThan(0.1);
  });

  it('remember what was spent when Redis has lost its memory, and when all of them are started anew', async () => {
    const cost = await costOfOne();
    await stage.plane.addBudget('project:search', {
      window: 'month',
      amount: Number((cost * 4).toFixed(9)),
      thresholds: [{ percent: 100, action: 'block' }],
    });
    await stage.plane.applied();
    expect(await askOneByOne()).toBe(3);
    // What another gateway has yet to bring there is known a little later.
    await eventually(
      async () => (await stage.plane.events()).length === 4,
      A_WHILE,
    );
    await redis.kill();
    await redis.start();
    for (const gateway of gateways) {
      expect(await statusOnceKnown(gateway)).toBe(402);
    }
    for (const gateway of gateways.splice(0)) await stage.stop(gateway);
    await redis.kill();
    await redis.start();
    gateways.push(await stage.start({ redisUrl: redis.url }));
    expect((await stage.ask(gateways[0], key)).status).toBe(402);
  });

  it('say what the ledger says once their counters are rebuilt by the command', async () => {
    await stage.plane.addBudget('project:search', {
      window: 'month',
      amount: 1,
    });
    await stage.plane.applied();
    await stage.ask(gateways[0], key);
    await eventually(async () => (await stage.plane.events()).length === 1);
    // As if it had cost a hundred times as much, and been corrected.
    const connection = connectRedis(redis.url, () => {});
    const limiter = RedisLimiter.create({ connection, clock: systemClock });
    const counter = {
      subject: { kind: 'project', id: 'search' },
      measure: 'money',
      window: 'month',
    } as const;
    await eventually(async () => {
      const [{ windowStart }] = await limiter.read([counter]);
      await limiter.seed([
        { counter, windowStart: windowStart ?? NaN, spent: 2_000_000_000 },
      ]);
      return true;
    });
    expect((await stage.ask(gateways[1], key)).status).toBe(402);
    const rebuilt = await runRebuildCounters({
      config: new ConfigReader({
        ...testConfig(stage.plane.knex, { spoolDirectory: '' }),
        aiGateway: { gateway: { redis: { url: redis.url } } },
      }),
      env: {},
      log: createLog('silent'),
    });
    expect(rebuilt).toEqual({ configured: 1, known: 1, corrected: 1 });
    expect((await limiter.read([counter]))[0].spent).toBe(
      Number(await stage.spent()),
    );
    connection.disconnect();
    expect((await stage.ask(gateways[1], key)).status).toBe(200);
  });

  it.each([
    ['frozen', (server: RedisServer) => server.freeze()],
    ['killed', (server: RedisServer) => server.kill()],
  ])(
    'while Redis is %s, each admits its share, money is denied unless it is declared otherwise, and all is well when it is back',
    async (_, harm) => {
      const other = await stage.plane.addKey();
      await stage.plane.addLimit(`key:${key.id}`, {
        measure: 'requests',
        window: 'minute',
        amount: 20,
      });
      await stage.plane.addBudget(`key:${other.id}`, {
        window: 'month',
        amount: 10,
      });
      await stage.plane.applied();
      expect((await stage.ask(gateways[0], key)).status).toBe(200);
      expect((await stage.ask(gateways[0], other)).status).toBe(200);
      // So that both know of both.
      await new Promise(resolve => setTimeout(resolve, 5_500));

      await harm(redis);
      for (let i = 0; i < 5; i++) await stage.ask(gateways[0], key);
      expect(await modeOf(gateways[0])).toBe('degraded');
      const denied = await stage.ask(gateways[0], other);
      expect(denied.status).toBe(503);
      expect(denied.error?.code).toBe('limits_unavailable');
      expect(denied.error?.message).toContain(`API key '${other.id}'`);
      const began = performance.now();
      const asked = await Promise.all(
        Array.from({ length: 20 }, () => stage.ask(gateways[0], key)),
      );
      expect(performance.now() - began).toBeLessThan(3_000);
      // Ten are its share of the twenty; a few of the first were counted before it was alone.
      expect(countOf(asked, 200)).toBeLessThanOrEqual(10);
      expect(countOf(asked, 200)).toBeGreaterThanOrEqual(4);
      expect(countOf(asked, 429)).toBe(20 - countOf(asked, 200));

      redis.thaw();
      if (_ === 'killed') await redis.start();
      await eventually(
        async () => (await modeOf(gateways[0])) === 'shared',
        A_WHILE,
      );
      expect((await stage.ask(gateways[0], other)).status).toBe(200);
    },
  );
});

describe('a gateway alone', () => {
  let stage: AdmissionStage;
  let key: TestKey;

  beforeEach(async () => {
    stage = await AdmissionStage.create(await databases.init('POSTGRES_18'));
    key = await stage.plane.addKey();
  });

  afterEach(() => stage.close());

  it('says that it counts in its own process', async () => {
    expect(await modeOf(await stage.start())).toBe('single-process');
  });

  it('warns when it is not alone after all', async () => {
    const [one] = [await stage.start(), await stage.start()];
    const warned = await eventually(async () => {
      const response = await fetch(`${one.url}/readyz`);
      const { warnings } = (await response.json()) as { warnings: string[] };
      return warnings.length > 0 && warnings;
    }, A_WHILE);
    expect(warned).toEqual([expect.stringContaining('2 gateways')]);
  });

  it('remembers what was spent when it is started anew, even what had not reached the ledger', async () => {
    const proxy = await CuttableProxy.start(connectionOf(stage.plane.knex));
    const first = await stage.start({ databasePort: proxy.port });
    await stage.plane.addBudget('project:search', {
      window: 'month',
      amount: 0.1,
    });
    await stage.plane.applied();
    expect((await stage.ask(first, key)).status).toBe(200);
    await eventually(async () => (await stage.plane.events()).length === 1);
    await proxy.cut();
    let status = 200;
    while (status === 200) ({ status } = await stage.ask(first, key));
    expect(status).toBe(402);
    await stage.stop(first);
    expect(await stage.plane.events()).toHaveLength(1);

    // The ledger cannot be asked: what is not known is not guessed.
    const second = await stage.start({
      databasePort: proxy.port,
      spoolDirectory: first.spoolDirectory,
    });
    const unknown = await stage.ask(second, key);
    expect(unknown.status).toBe(503);
    expect(unknown.error?.code).toBe('spending_unknown');
    expect(unknown.error?.message).toContain("project 'search'");
    await proxy.restore();
    await eventually(
      async () => (await stage.ask(second, key)).status !== 503,
      A_WHILE,
    );
    const known = await stage.ask(second, key);
    expect(known.status).toBe(402);
    await stage.stop(second);
    await proxy.cut();
  });

  it('goes on with a part of a budget of which it is declared, while nobody can tell what was spent', async () => {
    const proxy = await CuttableProxy.start(connectionOf(stage.plane.knex));
    const first = await stage.start({ databasePort: proxy.port });
    await stage.plane.addBudget('project:search', {
      window: 'month',
      amount: 1,
      whenDegraded: 'cap',
      degradedFraction: 0.1,
    });
    await stage.plane.applied();
    await proxy.cut();
    let answered = 0;
    let asked = await stage.ask(first, key);
    while (asked.status === 200 && answered < 50) {
      answered += 1;
      asked = await stage.ask(first, key);
    }
    expect(asked.status).toBe(402);
    expect(asked.error?.limits).toMatchObject([{ limit: '0.1' }]);
    expect(answered).toBeGreaterThan(1);
    await stage.stop(first);
    await proxy.cut();
  });
});
