import {
  startProviderSimulator,
  type ProviderSimulator,
} from '@ai-gateway/provider-simulator';
import { TestDatabases } from '@backstage/backend-test-utils';
import { readFile, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { CuttableProxy } from './__testUtils__/CuttableProxy';
import { eventually } from './__testUtils__/eventually';
import {
  connectionOf,
  startTestGateway,
} from './__testUtils__/startTestGateway';
import {
  TestControlPlane,
  type TestKey,
} from './__testUtils__/TestControlPlane';
import type { RunningGateway } from './app';

jest.setTimeout(60_000);

// Out here, so that databases are taken away after what uses them.
const databases = TestDatabases.create({ ids: ['POSTGRES_18'] });

/** Longer than any backoff. */
const A_WHILE = { withinMs: 15_000 };

describe('while PostgreSQL is away', () => {
  let plane: TestControlPlane;
  let simulator: ProviderSimulator;
  let proxy: CuttableProxy;
  let key: TestKey;
  const running: RunningGateway[] = [];

  beforeEach(async () => {
    plane = await TestControlPlane.create(await databases.init('POSTGRES_18'));
    simulator = await startProviderSimulator();
    const providerId = await plane.addProvider(`${simulator.url}/v1`);
    await plane.addModel('steady', {
      providerId,
      upstreamModel: 'sim-instant',
    });
    key = await plane.addKey();
    proxy = await CuttableProxy.start(connectionOf(plane.knex));
  });

  afterEach(async () => {
    for (const gateway of running.splice(0)) await gateway.close();
    await proxy.cut();
    await simulator.close();
  });

  const start = async (spoolDirectory?: string) => {
    const gateway = await startTestGateway({
      knex: plane.knex,
      databasePort: proxy.port,
      spoolDirectory,
    });
    running.push(gateway);
    return gateway;
  };
  const stop = async (gateway: RunningGateway) => {
    running.splice(running.indexOf(gateway), 1);
    await gateway.close();
  };
  const ask = (
    gateway: RunningGateway,
    requestId: string,
    apiKey: string = key.apiKey,
  ) =>
    fetch(`${gateway.url}/v1/chat/completions`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${apiKey}`,
        'content-type': 'application/json',
        'x-request-id': requestId,
      },
      body: JSON.stringify({
        model: 'steady',
        messages: [{ role: 'user', content: 'Hi' }],
      }),
    });
  const readiness = async (gateway: RunningGateway) => {
    const response = await fetch(`${gateway.url}/readyz`);
    const body = (await response.json()) as {
      reasons: string[];
      warnings: string[];
    };
    return { ...body, status: response.status };
  };
  const booked = async () =>
    (await plane.events()).map(row => row.request_id).sort();

  it('goes on serving, and brings all usage to the ledger exactly once when it is back', async () => {
    const gateway = await start();
    const ids: string[] = [];
    const askNext = async () => {
      const requestId = `request-${String(ids.length).padStart(3, '0')}`;
      ids.push(requestId);
      expect((await ask(gateway, requestId)).status).toBe(200);
    };
    // Two outages, the second one in the midst of traffic.
    for (let i = 0; i < 10; i++) await askNext();
    await proxy.cut();
    for (let i = 0; i < 20; i++) await askNext();
    expect(await readiness(gateway)).toMatchObject({ status: 200 });
    await proxy.restore();
    await eventually(
      async () => (await booked()).length === ids.length,
      A_WHILE,
    );
    const traffic = Promise.all(Array.from({ length: 40 }, askNext));
    await proxy.cut();
    await traffic;
    await proxy.restore();
    await eventually(
      async () => (await booked()).length >= ids.length,
      A_WHILE,
    );
    expect(await booked()).toEqual(ids);
    const { rows } = await plane.knex.raw(
      'SELECT sum(requests)::int AS requests, sum(cost_nano_usd) AS cost FROM usage_hourly',
    );
    const events = await plane.events();
    const cost = events.reduce((sum, e) => sum + BigInt(e.cost_nano_usd), 0n);
    expect(rows).toEqual([{ requests: ids.length, cost: String(cost) }]);
  });

  it('says that it cannot look a key up that it does not know, and says unknown when it can', async () => {
    const gateway = await start();
    await proxy.cut();
    const fresh = await plane.addKey();
    const away = await ask(gateway, 'away', fresh.apiKey);
    expect(away.status).toBe(503);
    expect(away.headers.get('retry-after')).toBe('5');
    expect(await away.text()).toContain('key_lookup_unavailable');
    await proxy.restore();
    await eventually(
      async () => (await ask(gateway, 'back', fresh.apiKey)).status === 200,
      A_WHILE,
    );
  });

  it('tells a key that is malformed, mistyped, revoked or expired for what it is: none of it needs a read', async () => {
    const revoked = await plane.addKey();
    const expired = await plane.addKey({ expiresAt: new Date(0) });
    await plane.revokeKey(revoked.id);
    const gateway = await start();
    await proxy.cut();
    const mistyped =
      key.apiKey.slice(0, -1) + (key.apiKey.endsWith('0') ? '1' : '0');
    for (const [apiKey, code] of [
      ['nonsense', 'malformed_api_key'],
      [mistyped, 'api_key_checksum_mismatch'],
      [revoked.apiKey, 'revoked_api_key'],
      [expired.apiKey, 'expired_api_key'],
    ]) {
      const response = await ask(gateway, 'refused', apiKey);
      expect(response.status).toBe(401);
      expect(await response.text()).toContain(`"${code}"`);
    }
  });

  it('learns on its own of what changed meanwhile', async () => {
    const gateway = await start();
    await proxy.cut();
    await plane.revokeKey(key.id);
    expect((await ask(gateway, 'before')).status).toBe(200);
    await proxy.restore();
    await eventually(
      async () => (await ask(gateway, 'after')).status === 401,
      A_WHILE,
    );
  });

  it('starts from the last good configuration on disk, which holds no credential and is for its own user only', async () => {
    const first = await start();
    expect((await ask(first, 'first')).status).toBe(200);
    const { spoolDirectory } = first as RunningGateway & {
      spoolDirectory: string;
    };
    await stop(first);
    const kept = join(spoolDirectory, 'last-good');
    for (const name of await readdir(kept)) {
      expect((await stat(join(kept, name))).mode & 0o777).toBe(0o600);
      expect(await readFile(join(kept, name), 'utf8')).not.toContain(
        key.apiKey,
      );
    }

    await proxy.cut();
    const second = await start(spoolDirectory);
    expect((await ask(second, 'second')).status).toBe(200);
    expect(await readiness(second)).toMatchObject({
      status: 200,
      warnings: ['The database cannot be read'],
    });
    await proxy.restore();
    await eventually(
      async () => (await booked()).join() === 'first,second',
      A_WHILE,
    );
  });

  it('waits when it has nothing to start from, says so, and serves as soon as it can', async () => {
    await proxy.cut();
    const gateway = await start();
    expect(await readiness(gateway)).toMatchObject({
      status: 503,
      reasons: ['The database cannot be read'],
    });
    const early = await ask(gateway, 'early');
    expect(early.status).toBe(503);
    expect(await early.text()).toContain('not_ready');
    await proxy.restore();
    await eventually(
      async () => (await readiness(gateway)).status === 200,
      A_WHILE,
    );
    expect((await ask(gateway, 'late')).status).toBe(200);
  });

  it('keeps usage over an end in good order', async () => {
    const first = await start();
    const { spoolDirectory } = first as RunningGateway & {
      spoolDirectory: string;
    };
    await proxy.cut();
    expect((await ask(first, 'kept')).status).toBe(200);
    await stop(first);
    await proxy.restore();
    await start(spoolDirectory);
    await eventually(async () => (await booked()).join() === 'kept', A_WHILE);
  });
});

describe('a database that lacks the tables', () => {
  it('is waited for, and said to be, until the control plane has made them', async () => {
    const knex = await databases.init('POSTGRES_18');
    const gateway = await startTestGateway({ knex });
    try {
      const response = await fetch(`${gateway.url}/readyz`);
      expect(response.status).toBe(503);
      expect(await response.text()).toContain('lacks migrations');
      await TestControlPlane.create(knex);
      await eventually(
        async () => (await fetch(`${gateway.url}/readyz`)).status === 200,
        A_WHILE,
      );
    } finally {
      await gateway.close();
    }
  });
});
