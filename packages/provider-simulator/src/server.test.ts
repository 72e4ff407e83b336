import OpenAI, { NotFoundError } from 'openai';
import { startProviderSimulator, type ProviderSimulator } from './server';
import { chat } from './__testUtils__/exchange';
import { eventually } from './__testUtils__/eventually';

describe('startProviderSimulator', () => {
  let simulator: ProviderSimulator;
  let client: OpenAI;

  beforeEach(async () => {
    simulator = await startProviderSimulator({
      models: [{ id: 'org/one', firstTokenMs: 0, tokensPerSecond: Infinity }],
    });
    client = new OpenAI({
      baseURL: `${simulator.url}/v1`,
      apiKey: 'unused',
      maxRetries: 0,
    });
  });
  afterEach(() => simulator.close());

  it('lists its models and finds each by its id', async () => {
    const { data } = await client.models.list();
    expect(data).toEqual([
      {
        id: 'org/one',
        object: 'model',
        created: expect.any(Number),
        owned_by: 'provider-simulator',
      },
    ]);
    expect(await client.models.retrieve('org/one')).toEqual(data[0]);
    await expect(client.models.retrieve('two')).rejects.toThrow(NotFoundError);
    expect((await fetch(`${simulator.url}/v1/models/%`)).status).toBe(404);
  });

  it('says that it is healthy, and 404 for what it does not serve', async () => {
    expect((await fetch(`${simulator.url}/healthz?deep=1`)).status).toBe(200);
    const unknown = await fetch(`${simulator.url}/v1/unknown`);
    expect(unknown.status).toBe(404);
    expect(await unknown.json()).toMatchObject({
      error: { code: 'unknown_url' },
    });
  });

  it('protects models, but neither health nor statistics, with the key', async () => {
    const locked = await startProviderSimulator({ apiKey: 'right' });
    try {
      const status = async (path: string, key?: string) =>
        (
          await fetch(locked.url + path, {
            headers: key ? { authorization: `Bearer ${key}` } : {},
          })
        ).status;
      expect(await status('/v1/models')).toBe(401);
      expect(await status('/v1/models', 'wrong')).toBe(401);
      expect(await status('/v1/models', 'right')).toBe(200);
      expect(await status('/healthz')).toBe(200);
      expect(await status('/__sim/stats')).toBe(200);
    } finally {
      await locked.close();
    }
  });

  it('shows its statistics over HTTP and resets them', async () => {
    await chat(simulator.url, { model: 'org/one' });
    const read = async () =>
      (await fetch(`${simulator.url}/__sim/stats`)).json();
    expect(await read()).toEqual(JSON.parse(JSON.stringify(simulator.stats())));
    expect(await read()).toMatchObject({
      requests: 1,
      recent: [{ model: 'org/one' }],
    });
    await fetch(`${simulator.url}/__sim/reset`, { method: 'POST' });
    expect(await read()).toMatchObject({
      requests: 0,
      recent: [],
      byModel: {},
    });
  });

  it('lets its own pace decide over the model, and a header over both', async () => {
    const slow = await startProviderSimulator({
      firstTokenMs: 150,
      tokensPerSecond: Infinity,
    });
    try {
      const took = async (model: string, headers = {}) => {
        const startedAt = performance.now();
        await chat(slow.url, { model, max_tokens: 5 }, headers);
        return performance.now() - startedAt;
      };
      await took('sim-instant');
      expect(await took('sim-instant')).toBeGreaterThanOrEqual(149);
      // By its personality this model would need at least 600 ms.
      expect(await took('sim-reasoning')).toBeLessThan(590);
      expect(
        await took('sim-instant', { 'x-sim-first-token-ms': '0' }),
      ).toBeLessThan(149);
    } finally {
      await slow.close();
    }
  });

  it('delays an answer that is not streamed by the time its tokens take', async () => {
    const startedAt = performance.now();
    await chat(
      simulator.url,
      {},
      { 'x-sim-completion-tokens': '20', 'x-sim-tokens-per-second': '200' },
    );
    const took = performance.now() - startedAt;
    expect(took).toBeGreaterThanOrEqual(99);
    expect(took).toBeLessThan(500);
  });

  it('counts a stream that its client left', async () => {
    const stream = await client.chat.completions.create(
      {
        model: 'org/one',
        messages: [{ role: 'user', content: 'Hello' }],
        stream: true,
      },
      {
        headers: {
          'x-sim-completion-tokens': '1000',
          'x-sim-tokens-per-second': '200',
        },
      },
    );
    let seen = 0;
    for await (const chunk of stream) {
      if (chunk.choices[0].delta.content) seen += 1;
      if (seen === 5) break;
    }
    const { streams, recent } = await eventually(
      () => simulator.stats(),
      stats => stats.streams.aborted === 1,
    );
    expect(streams).toEqual({
      started: 1,
      completed: 0,
      aborted: 1,
      failed: 0,
    });
    expect(recent[0].completionTokens).toBeGreaterThanOrEqual(5);
    expect(recent[0].completionTokens).toBeLessThan(100);
  });

  it('refuses a body over 32 MB', async () => {
    const reply = fetch(`${simulator.url}/v1/chat/completions`, {
      method: 'POST',
      body: 'x'.repeat(33 * 1024 * 1024),
    });
    expect((await reply).status).toBe(413);
  });

  it('breaks streams under way when it is closed', async () => {
    const call = chat(
      simulator.url,
      { stream: true, model: 'sim-instant' },
      { 'x-sim-fault': 'stall;chunks=1' },
    );
    await eventually(
      () => simulator.stats().streams.started,
      started => started === 1,
    );
    const other = await startProviderSimulator();
    await simulator.close();
    expect(await call).toMatchObject({ status: 200, broken: true });
    simulator = other;
  });

  it('tells that its port is taken', async () => {
    await expect(
      startProviderSimulator({ port: simulator.port }),
    ).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });
});
