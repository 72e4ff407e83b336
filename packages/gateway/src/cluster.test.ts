import {
  startProviderSimulator,
  type ProviderSimulator,
} from '@ai-gateway/provider-simulator';
import { TestDatabases } from '@backstage/backend-test-utils';
import { readdir } from 'node:fs/promises';
import { createServer } from 'node:net';
import { eventually } from './__testUtils__/eventually';
import {
  spawnGateway,
  spawnOnly,
  type SpawnedGateway,
} from './__testUtils__/spawnGateway';
import {
  TestControlPlane,
  type TestKey,
} from './__testUtils__/TestControlPlane';
import { describeWithRedis } from './limits/testing/describeWithRedis';
import { RedisServer } from './limits/testing/RedisServer';

jest.setTimeout(180_000);

// Out here, so that databases are taken away after what uses them.
const databases = TestDatabases.create({ ids: ['POSTGRES_18'] });
const LONG = { withinMs: 60_000 };

describeWithRedis('a gateway of several processes', () => {
  let plane: TestControlPlane;
  let simulator: ProviderSimulator;
  let redis: RedisServer;
  let key: TestKey;
  let gateway: SpawnedGateway;

  beforeAll(async () => {
    plane = await TestControlPlane.create(await databases.init('POSTGRES_18'));
    simulator = await startProviderSimulator({
      firstTokenMs: 5,
      tokensPerSecond: 60,
    });
    await plane.addModel('paced', {
      providerId: await plane.addProvider(`${simulator.url}/v1`),
      upstreamModel: 'paced',
    });
    key = await plane.addKey();
    redis = await RedisServer.start(await freePort());
    gateway = await spawnGateway({
      knex: plane.knex,
      data: {
        aiGateway: {
          gateway: {
            workers: 2,
            redis: { url: redis.url },
            metrics: { listen: { port: 0 } },
            drain: { announceMs: 0 },
          },
        },
      },
    });
    await eventually(
      async () => (await plane.knex('gateway_replicas')).length === 2,
      LONG,
    );
  });

  afterAll(async () => {
    await simulator?.close();
    await redis?.kill();
  });

  /** What a client saw of a stream until it ended or broke. */
  async function ask(requestId: string): Promise<string> {
    let seen = '';
    try {
      const response = await fetch(`${gateway.url}/v1/chat/completions`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${key.apiKey}`,
          'content-type': 'application/json',
          'x-request-id': requestId,
        },
        body: JSON.stringify({
          model: 'paced',
          stream: true,
          max_tokens: requestId.startsWith('last') ? 100 : 10,
          messages: [{ role: 'user', content: `Number ${requestId}` }],
        }),
      });
      const decoder = new TextDecoder();
      for await (const chunk of response.body ?? []) {
        seen += decoder.decode(chunk, { stream: true });
      }
    } catch (error) {
      seen += `broken: ${error}`;
    }
    return seen;
  }

  const askMany = (count: number, name: string) =>
    Promise.all(Array.from({ length: count }, (_, n) => ask(`${name}-${n}`)));

  /** Of all processes together, as the listener of the figures tells it. */
  async function metric(name: string): Promise<number> {
    const url = /"metricsUrl":"(http[^"]+)"/.exec(gateway.output())![1];
    const text = await (await fetch(`${url}/metrics`)).text();
    return text
      .split('\n')
      .filter(line => line.startsWith(name))
      .reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
  }

  const answered = () =>
    metric('aigateway_requests_total{endpoint="chat.completions"');

  const booked = async () =>
    new Set((await plane.events()).map(row => row.request_id));

  /** The processes that serve, by what is said of them. */
  function workerPids(): number[] {
    const pids = new Map<string, number>();
    const started = /"worker":(\d+),"pid":(\d+),"msg":"A worker was started"/g;
    for (const [, worker, pid] of gateway.output().matchAll(started)) {
      pids.set(worker, Number(pid));
    }
    return [...pids.values()];
  }

  /** Kills whoever is in the first place, as soon as anyone is, until it waits for so long. */
  async function killFirst(delayMs: number): Promise<void> {
    const pid = await eventually(() => {
      const [first] = workerPids();
      return isAlive(first) ? first : undefined;
    }, LONG);
    const before = gateway.output().length;
    process.kill(pid, 'SIGKILL');
    await eventually(
      () => gateway.output().slice(before).includes(`"againInMs":${delayMs},`),
      LONG,
    );
  }

  it('shares one port, and tells the figures of all as one', async () => {
    const texts = await askMany(20, 'shared');
    expect(texts.every(text => text.includes('[DONE]'))).toBe(true);
    await eventually(async () => (await answered()) === 20);
    expect(await metric('aigateway_workers')).toBe(2);
    expect(await metric('aigateway_configuration_revision')).toBe(
      Number((await plane.knex('config_revision').first()).revision),
    );
    await eventually(async () => (await booked()).size === 20);
    const spools = await readdir(gateway.spoolDirectory);
    expect(spools.sort()).toEqual(['worker-1', 'worker-2']);
  });

  it('starts a worker that died again, which books what that one left, and forgets no figure', async () => {
    const [victim] = workerPids();
    const streams = askMany(20, 'killed');
    await eventually(() => simulator.stats().inFlight > 5);
    process.kill(victim, 'SIGKILL');
    const seen = await streams;
    expect(seen.some(text => text.includes('broken'))).toBe(true);
    await eventually(
      async () => (await metric('aigateway_worker_restarts_total')) === 1,
      LONG,
    );
    await eventually(() => !workerPids().includes(victim), LONG);
    expect(await answered()).toBeGreaterThanOrEqual(20);
    // Whatever a client saw the beginning of is booked: by the worker that served it, or by the next one in its place.
    const began = seen.flatMap((text, n) =>
      text.startsWith('data:') ? `killed-${n}` : [],
    );
    expect(began.length).toBeGreaterThan(5);
    await eventually(async () => {
      const ids = await booked();
      return began.every(id => ids.has(id));
    }, LONG);
  });

  it('renews its workers one by one when it is told to, and no client notices', async () => {
    const before = workerPids();
    let isOver = false;
    let count = 0;
    const failures: string[] = [];
    const clients = Array.from({ length: 4 }, async (_, client) => {
      for (let n = 0; !isOver; n++) {
        const text = await ask(`renewed-${client}-${n}`);
        if (!text.includes('[DONE]')) failures.push(text);
        count += 1;
      }
    });
    gateway.child.kill('SIGHUP');
    await eventually(
      () => gateway.output().includes('All workers were renewed'),
      LONG,
    );
    isOver = true;
    await Promise.all(clients);
    expect(failures).toEqual([]);
    expect(count).toBeGreaterThan(10);
    const after = workerPids();
    expect(after).toHaveLength(2);
    expect(after.filter(pid => before.includes(pid))).toEqual([]);
  });

  it('renews them also while one waits to be started again, and can renew them ever after', async () => {
    const renewals = () =>
      gateway.output().split('All workers were renewed').length - 1;
    const before = renewals();
    // Again and again, so that it waits for long enough to be told meanwhile.
    for (const delay of [250, 500, 1_000]) await killFirst(delay);
    gateway.child.kill('SIGHUP');
    await eventually(() => renewals() === before + 1, LONG);
    gateway.child.kill('SIGHUP');
    await eventually(() => renewals() === before + 2, LONG);
  });

  it('ends in good order: streams finish, all is booked, nobody is left', async () => {
    const pids = workerPids();
    const streams = askMany(10, 'last');
    await eventually(() => simulator.stats().inFlight === 10);
    gateway.child.kill('SIGTERM');
    expect((await streams).every(text => text.includes('[DONE]'))).toBe(true);
    expect(await gateway.exited).toBe(0);
    for (const pid of pids) expect(() => process.kill(pid, 0)).toThrow(/ESRCH/);
    const ids = await booked();
    for (let n = 0; n < 10; n++) expect(ids).toContain(`last-${n}`);
    const replicas = await plane.knex('gateway_replicas');
    // But for those that were killed, which could not sign off.
    expect(replicas.length).toBeLessThanOrEqual(2);
  });

  it('does not start where there is nothing to count limits together in', async () => {
    const { exited, output } = await spawnOnly({
      knex: plane.knex,
      data: { aiGateway: { gateway: { workers: 2 } } },
    });
    expect(await exited).toBe(1);
    expect(output()).toContain('2 processes need a Redis');
  });

  it('does not start when its workers cannot', async () => {
    const { exited, output } = await spawnOnly({
      knex: plane.knex,
      data: {
        aiGateway: {
          gateway: {
            workers: 2,
            redis: { url: redis.url },
            maxRequestBytes: -1,
          },
        },
      },
    });
    expect(await exited).toBe(1);
    expect(output()).toContain('A worker could not be started');
    expect(output()).toContain('aiGateway.gateway.maxRequestBytes');
  });
});

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise(resolve => server.close(resolve));
  if (address === null || typeof address === 'string') {
    throw new TypeError('It did not listen');
  }
  return address.port;
}
