import {
  startProviderSimulator,
  type ProviderSimulator,
} from '@ai-gateway/provider-simulator';
import { TestDatabases } from '@backstage/backend-test-utils';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Server } from 'node:net';
import OpenAI from 'openai';
import { eventually } from './__testUtils__/eventually';
import { startTestGateway } from './__testUtils__/startTestGateway';
import {
  TestControlPlane,
  type LedgerRow,
  type TestKey,
} from './__testUtils__/TestControlPlane';
import type { RunningGateway } from './app';

jest.setTimeout(60_000);

// Out here, so that databases are taken away after what uses them.
const databases = TestDatabases.create({ ids: ['POSTGRES_18'] });

const STORY = [{ role: 'user' as const, content: 'A long story, please' }];

describe('a client that hangs up', () => {
  let plane: TestControlPlane;
  let simulator: ProviderSimulator;
  let gateway: RunningGateway;
  let key: TestKey;
  let client: OpenAI;
  /** It takes connections and never says a word, so that no handshake ends. */
  let mute: Server;

  beforeAll(async () => {
    plane = await TestControlPlane.create(await databases.init('POSTGRES_18'));
    // About a second for an answer.
    simulator = await startProviderSimulator({
      firstTokenMs: 150,
      tokensPerSecond: 100,
    });
    for (const onClientAbort of ['drain', 'abort']) {
      await plane.addModel(onClientAbort, {
        providerId: await plane.addProvider(`${simulator.url}/v1`, {
          settings: { onClientAbort },
        }),
        upstreamModel: 'sim-small',
      });
    }
    await plane.addModel('paced', {
      providerId: await plane.addProvider(`${simulator.url}/v1`),
      upstreamModel: 'sim-large',
    });
    mute = createServer(socket => socket.on('error', () => undefined));
    await new Promise<void>(resolve => mute.listen(0, '127.0.0.1', resolve));
    const { port } = mute.address() as AddressInfo;
    await plane.addModel('never-connected', {
      providerId: await plane.addProvider(`https://127.0.0.1:${port}/v1`),
      upstreamModel: 'sim-instant',
    });
    key = await plane.addKey();
    gateway = await startTestGateway({ knex: plane.knex });
    client = new OpenAI({
      baseURL: `${gateway.url}/v1`,
      apiKey: key.apiKey,
      maxRetries: 0,
    });
  });
  beforeEach(() => simulator.resetStats());
  afterAll(async () => {
    await gateway?.close();
    await simulator?.close();
    mute?.close();
  });

  /** Asks and hangs up: once something of a stream has come, or so soon that nothing has. */
  async function hangUp(
    requestId: string,
    model: string,
    given: { stream: boolean; atOnce?: boolean; url?: string },
  ): Promise<void> {
    const controller = new AbortController();
    const asking = fetch(`${given.url ?? gateway.url}/v1/chat/completions`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${key.apiKey}`,
        'content-type': 'application/json',
        'x-request-id': requestId,
      },
      body: JSON.stringify({
        model,
        stream: given.stream,
        messages: [{ role: 'user', content: 'A story, please' }],
      }),
      signal: controller.signal,
    });
    if (given.stream && !given.atOnce) {
      const reader = (await asking).body!.getReader();
      await reader.read();
      await reader.read();
    } else {
      await eventually(() => simulator.stats().inFlight === 1);
    }
    controller.abort();
    await asking.catch(() => undefined);
  }
  const bookedFor = (requestId: string): Promise<LedgerRow> =>
    eventually(() =>
      plane
        .knex<LedgerRow>('usage_events')
        .where({ request_id: requestId })
        .first(),
    );

  it.each([
    ['in mid-stream', { stream: true }],
    ['before the stream began', { stream: true, atOnce: true }],
    ['on an answer that is not streamed', { stream: false }],
  ])(
    '%s pays exactly what the provider reports, where the provider is to finish',
    async (when, given) => {
      const id = `drain ${when}`.replaceAll(' ', '-');
      await hangUp(id, 'drain', given);
      const row = await bookedFor(id);
      const [record] = simulator.stats().recent;
      expect(record.outcome).toBe('completed');
      expect(row).toMatchObject({
        outcome: 'client_abort',
        usage_source: 'reported',
        input_tokens: String(record.promptTokens),
        output_tokens: String(record.completionTokens),
        // 1 and 2 dollars a million.
        cost_nano_usd: String(
          record.promptTokens * 1_000 + record.completionTokens * 2_000,
        ),
      });
      expect(
        await plane.knex('usage_events').where({ request_id: id }),
      ).toHaveLength(1);
    },
  );

  it('pays an estimate of what came, marked as one, where the provider is stopped', async () => {
    await hangUp('abort-stream', 'abort', { stream: true });
    const row = await bookedFor('abort-stream');
    await eventually(() => simulator.stats().outcomes.aborted === 1);
    const [record] = simulator.stats().recent;
    expect(row).toMatchObject({
      outcome: 'client_abort',
      usage_source: 'estimated',
    });
    expect(Number(row.input_tokens)).toBeGreaterThan(0);
    expect(Number(row.cost_nano_usd)).toBeGreaterThan(0);
    expect(Number(row.output_tokens)).toBeLessThanOrEqual(
      record.completionTokens + 5,
    );

    await hangUp('abort-whole', 'abort', { stream: false });
    expect(await bookedFor('abort-whole')).toMatchObject({
      outcome: 'client_abort',
      usage_source: 'estimated',
      output_tokens: '0',
    });
    await eventually(() => simulator.stats().outcomes.aborted === 2);
  });

  it.each([
    ['time', { drainMs: 50, drainBytes: 1_000_000 }],
    ['bytes', { drainMs: 10_000, drainBytes: 300 }],
  ])(
    'is not drained for beyond the bound on %s',
    async (bound, clientAbort) => {
      const bounded = await startTestGateway({
        knex: plane.knex,
        settings: { clientAbort },
      });
      try {
        const id = `bounded-${bound}`;
        await hangUp(id, 'drain', { stream: true, url: bounded.url });
        expect(await bookedFor(id)).toMatchObject({
          outcome: 'client_abort',
          usage_source: 'estimated',
        });
        await eventually(() => simulator.stats().outcomes.aborted === 1);
      } finally {
        await bounded.close();
      }
    },
  );

  it('in mid-stream has the upstream stopped, and pays for what it did', async () => {
    const controller = new AbortController();
    const stream = await client.chat.completions.create(
      { model: 'paced', stream: true, messages: STORY },
      { signal: controller.signal, headers: { 'x-request-id': 'mid-stream' } },
    );
    let chunks = 0;
    // The SDK takes an abort of its own for an end.
    for await (const _ of stream) {
      chunks += 1;
      if (chunks === 5) controller.abort();
    }
    const event = await bookedFor('mid-stream');
    expect(event).toMatchObject({
      outcome: 'client_abort',
      usage_source: 'estimated',
    });
    expect(Number(event.input_tokens)).toBeGreaterThan(0);
    expect(Number(event.output_tokens)).toBeGreaterThan(0);
    await eventually(() => simulator.stats().outcomes.aborted === 1);
  });

  it('before the answer has the upstream stopped, and pays for the prompt', async () => {
    const controller = new AbortController();
    const response = client.chat.completions.create(
      { model: 'paced', messages: STORY },
      {
        signal: controller.signal,
        headers: { 'x-request-id': 'before-answer' },
      },
    );
    await eventually(() => simulator.stats().inFlight === 1);
    controller.abort();
    await expect(response).rejects.toBeInstanceOf(OpenAI.APIUserAbortError);
    const event = await bookedFor('before-answer');
    expect(event).toMatchObject({
      outcome: 'client_abort',
      usage_source: 'estimated',
      output_tokens: '0',
    });
    expect(Number(event.input_tokens)).toBeGreaterThan(0);
    await eventually(() => simulator.stats().outcomes.aborted === 1);
  });

  it.each([false, true])(
    'while the upstream is still being connected to has asked for nothing, and pays nothing (streamed: %s)',
    async stream => {
      const requestId = `connecting-${stream}`;
      const controller = new AbortController();
      const connected = once(mute, 'connection');
      const response = client.chat.completions.create(
        { model: 'never-connected', stream, messages: STORY },
        { signal: controller.signal, headers: { 'x-request-id': requestId } },
      );
      await connected;
      controller.abort();
      await expect(response).rejects.toBeInstanceOf(OpenAI.APIUserAbortError);
      expect(await bookedFor(requestId)).toMatchObject({
        outcome: 'client_abort',
        usage_source: 'none',
        input_tokens: '0',
        output_tokens: '0',
        cost_nano_usd: '0',
      });
    },
  );
});
