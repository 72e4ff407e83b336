import {
  startProviderSimulator,
  type ProviderSimulator,
} from '@ai-gateway/provider-simulator';
import { TestDatabases } from '@backstage/backend-test-utils';
import OpenAI from 'openai';
import type { RunningGateway } from './app';
import { eventually } from './__testUtils__/eventually';
import { startTestGateway } from './__testUtils__/startTestGateway';
import {
  TestControlPlane,
  type TestKey,
} from './__testUtils__/TestControlPlane';

jest.setTimeout(60_000);

// Out here, so that databases are taken away after what uses them.
const databases = TestDatabases.create({ ids: ['POSTGRES_18'] });

describe('a gateway', () => {
  let plane: TestControlPlane;
  let simulator: ProviderSimulator;
  let gateway: RunningGateway;
  let key: TestKey;
  let client: OpenAI;
  let prices: { deploymentId: string; priceId: string };

  beforeAll(async () => {
    plane = await TestControlPlane.create(await databases.init('POSTGRES_18'));
    simulator = await startProviderSimulator({ apiKey: 'sim-secret' });
    const providerId = await plane.addProvider(`${simulator.url}/v1`, {
      secretRef: 'env://SIM_API_KEY',
    });
    prices = await plane.addModel('house-model', {
      providerId,
      upstreamModel: 'sim-instant',
    });
    key = await plane.addKey();
    gateway = await startTestGateway({
      knex: plane.knex,
      env: { SIM_API_KEY: 'sim-secret' },
    });
    client = new OpenAI({
      baseURL: `${gateway.url}/v1`,
      apiKey: key.apiKey,
      maxRetries: 0,
    });
  });

  afterAll(async () => {
    await gateway?.close();
    await simulator?.close();
  });

  const bookedAs = (requestId: string) =>
    eventually(async () =>
      (await plane.events()).find(row => row.request_id === requestId),
    );

  it('answers a completion and books what the provider reported, at the price', async () => {
    const { data, response } = await client.chat.completions
      .create({
        model: 'house-model',
        messages: [{ role: 'user', content: 'Hello there' }],
      })
      .withResponse();
    expect(data.choices[0].message.content).toEqual(expect.any(String));
    const event = await bookedAs(String(response.headers.get('x-request-id')));
    const { prompt_tokens: input, completion_tokens: output } = data.usage!;
    expect(event).toMatchObject({
      api_key_id: key.id,
      outcome: 'complete',
      usage_source: 'reported',
      input_tokens: String(input),
      output_tokens: String(output),
      price_id: prices.priceId,
      cost_nano_usd: String(input * 1_000 + output * 2_000),
      streamed: false,
      upstream_status: 200,
    });
  });

  it('streams a completion, hides the usage that nobody asked for, and books it', async () => {
    const { data, response } = await client.chat.completions
      .create({
        model: 'house-model',
        stream: true,
        messages: [{ role: 'user', content: 'Tell me a story' }],
      })
      .withResponse();
    let text = '';
    for await (const chunk of data) {
      expect(chunk.choices).toHaveLength(1);
      expect(chunk.usage ?? null).toBeNull();
      text += chunk.choices[0].delta.content ?? '';
    }
    expect(text.length).toBeGreaterThan(10);
    const event = await bookedAs(String(response.headers.get('x-request-id')));
    expect(event).toMatchObject({
      outcome: 'complete',
      usage_source: 'reported',
      streamed: true,
    });
    expect(Number(event.output_tokens)).toBeGreaterThan(0);
    expect(event.time_to_first_token_ms).not.toBeNull();
  });

  it('that is told to end says so, and serves on until load balancers have noticed', async () => {
    const leaving = await startTestGateway({
      knex: plane.knex,
      env: { SIM_API_KEY: 'sim-secret' },
      settings: { announceMs: 1_000 },
    });
    const closed = leaving.close();
    const ready = await fetch(`${leaving.url}/readyz`);
    expect(ready.status).toBe(503);
    expect(await ready.text()).toContain('Shutting down');
    const late = new OpenAI({
      baseURL: `${leaving.url}/v1`,
      apiKey: key.apiKey,
      maxRetries: 0,
    });
    const { choices } = await late.chat.completions.create({
      model: 'house-model',
      messages: [{ role: 'user', content: 'One more' }],
    });
    expect(choices).toHaveLength(1);
    await closed;
    await expect(fetch(`${leaving.url}/readyz`)).rejects.toThrow();
  });
});
