import {
  startProviderSimulator,
  type ProviderSimulator,
} from '@ai-gateway/provider-simulator';
import { TestDatabases } from '@backstage/backend-test-utils';
import { eventually } from './__testUtils__/eventually';
import { spawnGateway } from './__testUtils__/spawnGateway';
import {
  TestControlPlane,
  type TestKey,
} from './__testUtils__/TestControlPlane';

jest.setTimeout(120_000);

// Out here, so that databases are taken away after what uses them.
const databases = TestDatabases.create({ ids: ['POSTGRES_18'] });

describe('a gateway process that is told to end', () => {
  let plane: TestControlPlane;
  let simulator: ProviderSimulator;
  let key: TestKey;

  beforeAll(async () => {
    plane = await TestControlPlane.create(await databases.init('POSTGRES_18'));
    simulator = await startProviderSimulator({
      firstTokenMs: 20,
      tokensPerSecond: 5,
    });
    await plane.addModel('paced', {
      providerId: await plane.addProvider(`${simulator.url}/v1`),
      upstreamModel: 'paced',
    });
    key = await plane.addKey();
  });

  afterAll(async () => {
    await simulator?.close();
  });

  const ask = (url: string, requestId: string, maxTokens: number) =>
    fetch(`${url}/v1/chat/completions`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${key.apiKey}`,
        'content-type': 'application/json',
        'x-request-id': requestId,
      },
      body: JSON.stringify({
        model: 'paced',
        stream: true,
        max_tokens: maxTokens,
        messages: [{ role: 'user', content: 'A story without an end' }],
      }),
    });

  it('is unready first, gives up its connections one by one, breaks off what takes too long, and exits with all of it booked', async () => {
    const gateway = await spawnGateway({
      knex: plane.knex,
      data: {
        aiGateway: {
          gateway: { drain: { announceMs: 2_000, timeoutMs: 1_000 } },
        },
      },
    });
    const { url } = gateway;
    const before = await fetch(`${url}/healthz`);
    expect(before.headers.get('connection')).toBe('keep-alive');
    const endless = await ask(url, 'endless', 100_000);
    expect(endless.status).toBe(200);
    const broken = endless.text().then(
      text => text.includes('[DONE]'),
      () => false,
    );

    const toldAt = performance.now();
    gateway.child.kill('SIGTERM');
    await eventually(async () => {
      const ready = await fetch(`${url}/readyz`);
      return (
        ready.status === 503 && ready.headers.get('connection') === 'close'
      );
    });
    // Whoever has not noticed yet is served.
    const late = await ask(url, 'late', 3);
    expect(late.status).toBe(200);
    expect(late.headers.get('connection')).toBe('close');
    expect(await late.text()).toContain('[DONE]');

    expect(await gateway.exited).toBe(0);
    expect(performance.now() - toldAt).toBeGreaterThan(2_900);
    expect(await broken).toBe(false);
    const events = await plane.events();
    expect(events.map(row => [row.request_id, row.outcome]).sort()).toEqual([
      ['endless', expect.stringMatching(/client_abort|truncated/)],
      ['late', 'complete'],
    ]);
    expect(await plane.knex('gateway_replicas')).toEqual([]);
  });
});
