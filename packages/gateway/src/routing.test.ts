import { TestDatabases } from '@backstage/backend-test-utils';
import { eventually } from './__testUtils__/eventually';
import { ScriptedUpstream, streamOf } from './__testUtils__/ScriptedUpstream';
import { startTestGateway } from './__testUtils__/startTestGateway';
import {
  TestControlPlane,
  type TestKey,
} from './__testUtils__/TestControlPlane';
import type { RunningGateway } from './app';

jest.setTimeout(60_000);

// Out here, so that databases are taken away after what uses them.
const databases = TestDatabases.create({ ids: ['POSTGRES_18'] });

const [HEAD, ...CONTENT] = streamOf([
  'data: {"choices":[{"index":0,"delta":{"content":"Hi"},"finish_reason":"stop"}]}\n\n',
  'data: [DONE]\n\n',
]);

describe('routing', () => {
  let plane: TestControlPlane;
  let upstream: ScriptedUpstream;
  let gateway: RunningGateway;
  let key: TestKey;
  /** Until the first content of each. */
  const delays = { east: 0, west: 0 };

  beforeAll(async () => {
    plane = await TestControlPlane.create(await databases.init('POSTGRES_18'));
    upstream = await ScriptedUpstream.start(model => ({
      pieces: [
        HEAD,
        { waitMs: model === 'east' ? delays.east : delays.west },
        ...CONTENT,
      ],
      then: 'end',
    }));
    const providerId = await plane.addProvider(upstream.url);
    await plane.addModel('chat', { providerId, upstreamModel: 'east' });
    await plane.addDeployment('chat', {
      providerId,
      upstreamModel: 'west',
      priority: 1,
    });
    key = await plane.addKey();
    gateway = await startTestGateway({ knex: plane.knex });
  });

  afterAll(async () => {
    await gateway?.close();
    await upstream?.close();
  });

  const ask = async (model: string) => {
    const response = await fetch(`${gateway.url}/v1/chat/completions`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${key.apiKey}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify({ model, stream: true, messages: [{}] }),
    });
    await response.text();
    return response.status;
  };

  /** How many of so many requests went to each. */
  const shares = async (requests: number) => {
    const before = new Map(upstream.requests);
    for (let n = 0; n < requests; n += 1) await ask('chat');
    const since = (name: string) =>
      (upstream.requests.get(name) ?? 0) - (before.get(name) ?? 0);
    return { east: since('east'), west: since('west') };
  };

  const replica = () => plane.knex('gateway_replicas').first();
  const applied = async (revision: number) =>
    eventually(
      async () => Number((await replica())?.applied_revision) >= revision,
    );
  const setStrategy = async (strategy: string) => {
    await plane.setRouting('chat', { strategy });
    const { revision } = await plane.knex('config_revision').first();
    await applied(Number(revision));
  };

  it('goes by priority, unless another strategy is set, which holds from then on', async () => {
    expect(await shares(10)).toEqual({ east: 10, west: 0 });
    await setStrategy('round-robin');
    expect(await shares(10)).toEqual({ east: 5, west: 5 });
  });

  it('goes where answers begin soonest, and finds out when that is elsewhere', async () => {
    delays.east = 5;
    delays.west = 400;
    await setStrategy('least-latency');
    await shares(3);
    expect((await shares(20)).east).toBeGreaterThan(17);
    delays.east = 500;
    delays.west = 5;
    await eventually(async () => (await shares(5)).west === 5, {
      withinMs: 20_000,
    });
  });

  it('goes where the fewest requests are under way', async () => {
    delays.east = 300;
    delays.west = 300;
    await setStrategy('least-connections');
    const before = new Map(upstream.requests);
    await Promise.all(Array.from({ length: 10 }, () => ask('chat')));
    for (const name of ['east', 'west']) {
      expect((upstream.requests.get(name) ?? 0) - (before.get(name) ?? 0)).toBe(
        5,
      );
    }
  });

  it('knows a model by its aliases, and refuses a configuration whole that has a conflict', async () => {
    delays.east = 0;
    delays.west = 0;
    await plane.addAlias('openai/gpt-4o:latest', 'default');
    await plane.addAlias('default', 'chat');
    await eventually(async () => (await ask('openai/gpt-4o:latest')) === 200);

    await plane.addAlias('chat', 'default');
    await eventually(async () =>
      /alias 'chat' has the name of a model/.test(
        (await replica()).configuration_error ?? '',
      ),
    );
    await plane.addAlias('later', 'chat');
    expect(await ask('later')).toBe(404);
    expect(await ask('openai/gpt-4o:latest')).toBe(200);

    await plane.change(tx =>
      tx('model_aliases').where({ alias: 'chat' }).delete(),
    );
    await eventually(async () => (await ask('later')) === 200);
    expect((await replica()).configuration_error).toBeNull();
  });
});
