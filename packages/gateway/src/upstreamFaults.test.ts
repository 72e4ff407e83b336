import {
  startProviderSimulator,
  type ProviderSimulator,
} from '@ai-gateway/provider-simulator';
import { TestDatabases } from '@backstage/backend-test-utils';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
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

const FAULTS = [
  'status-400',
  'status-401',
  'status-429;retry-after=7',
  'status-500',
  'html',
  'hang',
  'malformed-sse',
  'cut',
  'stall',
  'no-usage',
  'zero-usage',
  'error-in-stream',
  'no-done',
  'giant-4000000',
] as const;
const modelOf = (fault: string) => `fault-${fault.replace(/[^a-z0-9]+/g, '-')}`;

/** Answers that break off, by the models that give them: of many bytes, few or none of which are text. */
const CUT_OFF: Readonly<Record<string, string>> = {
  'cut-vectors': `{"data":[{"index":0,"embedding":[${'0.0123,'.repeat(50_000)}`,
  'cut-chat': `{"choices":[{"index":0,"logprobs":{"content":[${'{"token":"a","logprob":-0.1},'.repeat(10_000)}{}]},"message":{"role":"assistant","content":"0123456789abcdef`,
};

describe('when an upstream', () => {
  let plane: TestControlPlane;
  let simulator: ProviderSimulator;
  let gateway: RunningGateway;
  let key: TestKey;
  let client: OpenAI;
  let mirror: Server;

  beforeAll(async () => {
    plane = await TestControlPlane.create(await databases.init('POSTGRES_18'));
    simulator = await startProviderSimulator({ apiKey: 'sim-secret' });
    const providerId = await plane.addProvider(`${simulator.url}/v1`, {
      secretRef: 'env://SIM_API_KEY',
    });
    // An upstream that answers as the simulator does not.
    mirror = createServer((req, res) => {
      let body = '';
      req.on('data', chunk => (body += chunk));
      req.on('end', () => {
        const { model } = JSON.parse(body);
        if (model === 'redirect') {
          res.writeHead(307, { location: simulator.url }).end();
        } else if (model === 'absurd') {
          res.writeHead(200, { 'content-type': 'application/json' });
          res.end(
            '{"choices":[],"usage":{"prompt_tokens":-4,"completion_tokens":1e99}}',
          );
        } else if (model in CUT_OFF) {
          res.writeHead(200, { 'content-type': 'application/json' });
          res.write(CUT_OFF[model], () => res.destroy());
        }
      });
    });
    await new Promise<void>(resolve => mirror.listen(0, '127.0.0.1', resolve));
    const mirrorProvider = await plane.addProvider(
      `http://127.0.0.1:${(mirror.address() as AddressInfo).port}/base/v1/`,
      { secretRef: 'env://MIRROR_API_KEY' },
    );
    for (const upstreamModel of [
      'redirect',
      'absurd',
      ...Object.keys(CUT_OFF),
    ]) {
      await plane.addModel(`mirror-${upstreamModel}`, {
        providerId: mirrorProvider,
        upstreamModel,
      });
    }
    for (const [id, baseUrl, secretRef] of [
      ['nobody-listens', 'http://127.0.0.1:9/v1', null],
      ['metadata', 'http://169.254.169.254/v1', null],
      ['no-secret', `${simulator.url}/v1`, 'env://NOT_SET_API_KEY'],
      ['forbidden-secret', `${simulator.url}/v1`, 'env://TEST_PEPPER'],
      ['wrong-secret', `${simulator.url}/v1`, 'env://WRONG_API_KEY'],
    ] as const) {
      await plane.addModel(id, {
        providerId: await plane.addProvider(baseUrl, { secretRef }),
        upstreamModel: 'sim-instant',
      });
    }
    for (const fault of FAULTS) {
      await plane.addModel(modelOf(fault), {
        providerId,
        upstreamModel: `sim-instant+${fault}`,
      });
    }
    await plane.addModel('sound', { providerId, upstreamModel: 'sim-instant' });
    // What one attempt comes to; others would hide it.
    for (const { id } of await plane.knex('models').select('id')) {
      await plane.setRouting(id, {
        retries: { attempts: 1 },
        health: { failures: 100, failurePercent: 100 },
      });
    }
    key = await plane.addKey();
    gateway = await startTestGateway({
      knex: plane.knex,
      env: {
        SIM_API_KEY: 'sim-secret',
        MIRROR_API_KEY: 'mirror-secret',
        WRONG_API_KEY: 'wrong',
      },
      settings: {
        upstream: {
          connectTimeoutMs: 500,
          firstByteTimeoutMs: 700,
          firstTokenTimeoutMs: 2_000,
          idleTimeoutMs: 500,
          totalTimeoutMs: 20_000,
          maxAnswerBytes: 1_000_000,
        },
      },
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
    mirror?.closeAllConnections();
    mirror?.close();
  });

  interface Answer {
    readonly status: number;
    readonly headers: Headers;
    readonly text: string;
    readonly event: LedgerRow;
  }

  const bookedAs = (requestId: string) =>
    eventually(async () =>
      (await plane.events()).find(row => row.request_id === requestId),
    );

  let requests = 0;
  /** Asks, reads everything, and finds what was booked for it: exactly one event. */
  async function ask(
    model: string,
    more: Record<string, unknown> = {},
    path: string = '/chat/completions',
  ): Promise<Answer> {
    requests += 1;
    const requestId = `request-${requests}`;
    const response = await fetch(`${gateway.url}/v1${path}`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${key.apiKey}`,
        'content-type': 'application/json',
        'x-request-id': requestId,
        cookie: 'session=1',
        'x-sim-fault': 'status-500',
      },
      body: JSON.stringify({
        model,
        messages: [{ role: 'user', content: 'Tell me something' }],
        ...more,
      }),
    });
    const text = await response.text();
    const event = await bookedAs(requestId);
    const all = (await plane.events()).filter(
      row => row.request_id === requestId,
    );
    expect(all).toHaveLength(1);
    return { status: response.status, headers: response.headers, text, event };
  }
  const errorOf = ({ text }: Answer) => JSON.parse(text).error;
  const UNBILLED = {
    outcome: 'upstream_error',
    usage_source: 'none',
    input_tokens: '0',
    output_tokens: '0',
    cost_nano_usd: '0',
  };

  it.each([
    ['nobody-listens', 502, 'upstream_unreachable'],
    ['metadata', 502, 'upstream_misconfigured'],
    ['no-secret', 502, 'upstream_misconfigured'],
    ['forbidden-secret', 502, 'upstream_misconfigured'],
    ['wrong-secret', 502, 'upstream_auth_failed'],
    ['mirror-redirect', 502, 'upstream_error'],
    [modelOf('status-401'), 502, 'upstream_auth_failed'],
    [modelOf('status-500'), 502, 'upstream_error'],
    [modelOf('html'), 502, 'upstream_invalid_response'],
    [modelOf('hang'), 504, 'upstream_timeout'],
    [modelOf('status-400'), 400, 'upstream_rejected'],
  ])(
    'is %s, the answer is a %i %s and nothing is billed',
    async (model, status, code) => {
      for (const stream of [false, true]) {
        const answer = await ask(model, { stream });
        expect(answer.status).toBe(status);
        expect(errorOf(answer)).toMatchObject({ code });
        expect(answer.text).not.toMatch(
          /sim-secret|169\.254|TEST_PEPPER|127\.0\.0\.1/,
        );
        expect(answer.event).toMatchObject({ ...UNBILLED, error_code: code });
      }
    },
  );

  it('limits requests, its client learns when to come back', async () => {
    const answer = await ask(modelOf('status-429;retry-after=7'));
    expect(answer.status).toBe(429);
    expect(answer.headers.get('retry-after')).toBe('7');
    expect(errorOf(answer)).toMatchObject({ code: 'upstream_rate_limited' });
    await expect(
      client.chat.completions.create({
        model: modelOf('status-429;retry-after=7'),
        messages: [{ role: 'user', content: 'Hi' }],
      }),
    ).rejects.toBeInstanceOf(OpenAI.RateLimitError);
  });

  it('breaks its stream off, the client gets an error for an end, and what came is metered', async () => {
    const answer = await ask(modelOf('cut'), { stream: true });
    expect(answer.status).toBe(200);
    expect(answer.text).not.toContain('[DONE]');
    const last = answer.text.trimEnd().split('\n\n').at(-1);
    expect(JSON.parse(String(last).slice('data: '.length)).error.code).toBe(
      'upstream_cut_off',
    );
    expect(answer.event).toMatchObject({
      outcome: 'truncated',
      error_code: 'upstream_cut_off',
      usage_source: 'estimated',
    });
    expect(Number(answer.event.input_tokens)).toBeGreaterThan(0);
    expect(Number(answer.event.output_tokens)).toBeGreaterThan(0);
    expect(Number(answer.event.cost_nano_usd)).toBe(
      Number(answer.event.input_tokens) * 1_000 +
        Number(answer.event.output_tokens) * 2_000,
    );
    const stream = await client.chat.completions.create({
      model: modelOf('cut'),
      stream: true,
      messages: [{ role: 'user', content: 'Hi' }],
    });
    await expect(async () => {
      for await (const _ of stream);
    }).rejects.toBeInstanceOf(OpenAI.APIError);
  });

  it('breaks off an answer that is not streamed, it is billed by the text that came and not by its bytes', async () => {
    const chat = await ask('mirror-cut-chat');
    expect(chat.event).toMatchObject({
      outcome: 'truncated',
      usage_source: 'estimated',
      // 16 bytes.
      output_tokens: '4',
    });
    const vectors = await ask(
      'mirror-cut-vectors',
      { input: 'Tell me something' },
      '/embeddings',
    );
    expect(vectors.event).toMatchObject({
      outcome: 'truncated',
      usage_source: 'estimated',
      output_tokens: '0',
    });
    expect(Number(vectors.event.input_tokens)).toBeGreaterThan(0);
  });

  it('sends more than it was asked for and breaks off, no more than was asked for is billed', async () => {
    const capped = await ask('mirror-cut-chat', { max_tokens: 1, n: 2 });
    expect(capped.event.output_tokens).toBe('2');
    const giant = await ask(modelOf('giant-4000000'), { max_tokens: 50 });
    expect(errorOf(giant).code).toBe('response_too_large');
    expect(giant.event).toMatchObject({
      outcome: 'truncated',
      output_tokens: '50',
    });
  });

  it('falls silent within its stream, it is broken off after the idle time', async () => {
    const answer = await ask(modelOf('stall'), { stream: true });
    expect(answer.text).toContain('upstream_cut_off');
    expect(answer.event).toMatchObject({ outcome: 'truncated' });
  });

  it.each(['cut', 'stall'])(
    'breaks off an answer that is not streamed (%s), the client gets an error',
    async fault => {
      const answer = await ask(modelOf(fault));
      expect(answer.status).toBe(502);
      expect(errorOf(answer).code).toBe('upstream_cut_off');
      expect(answer.event).toMatchObject({ outcome: 'truncated' });
    },
  );

  it('tells of an error within a stream, its client is told in our words, and what came is billed', async () => {
    const answer = await ask(modelOf('error-in-stream'), { stream: true });
    const last = answer.text.trimEnd().split('\n\n').at(-1);
    expect(JSON.parse(String(last).slice('data: '.length)).error.code).toBe(
      'upstream_error',
    );
    expect(answer.text).not.toContain('"server_error"');
    expect(answer.text).not.toContain('[DONE]');
    expect(answer.event).toMatchObject({
      outcome: 'upstream_error',
      error_code: 'upstream_error',
      usage_source: 'estimated',
    });
    expect(Number(answer.event.output_tokens)).toBeGreaterThan(0);
    const whole = await ask(modelOf('error-in-stream'));
    expect(whole.status).toBe(502);
    expect(whole.event).toMatchObject(UNBILLED);
  });

  it('leaves out the closing event of a stream that is whole, the client gets it all the same', async () => {
    const answer = await ask(modelOf('no-done'), { stream: true });
    expect(answer.text.endsWith('data: [DONE]\n\n')).toBe(true);
    expect(answer.event).toMatchObject({
      outcome: 'complete',
      usage_source: 'reported',
    });
  });

  it.each([false, true])(
    'reports no usage, it is estimated (streamed: %s)',
    async stream => {
      const { event } = await ask(modelOf('no-usage'), { stream });
      expect(event).toMatchObject({
        outcome: 'complete',
        usage_source: 'estimated',
      });
      expect(Number(event.output_tokens)).toBeGreaterThan(0);
    },
  );

  it.each([false, true])(
    'reports a usage of zero, that is what is booked (streamed: %s)',
    async stream => {
      const { event } = await ask(modelOf('zero-usage'), { stream });
      expect(event).toMatchObject({
        outcome: 'complete',
        usage_source: 'reported',
        input_tokens: '0',
        output_tokens: '0',
      });
    },
  );

  it('reports an absurd usage, it is estimated', async () => {
    const { status, event } = await ask('mirror-absurd');
    expect(status).toBe(200);
    expect(event.usage_source).toBe('estimated');
  });

  it('sends a line that nobody can read, it is passed on and the rest with it', async () => {
    const answer = await ask(modelOf('malformed-sse'), { stream: true });
    expect(answer.text).toContain('{"delta":{"con\n\n');
    expect(answer.text.endsWith('data: [DONE]\n\n')).toBe(true);
    const whole = await ask(modelOf('malformed-sse'));
    expect(whole.status).toBe(502);
    expect(errorOf(whole).code).toBe('upstream_invalid_response');
  });

  it('sends more than is passed on, only its own request is harmed', async () => {
    const whole = await ask(modelOf('giant-4000000'));
    expect(whole.status).toBe(502);
    expect(errorOf(whole).code).toBe('response_too_large');
    const streamed = await ask(modelOf('giant-4000000'), { stream: true });
    expect(streamed.text).toContain('upstream_cut_off');
    expect((await ask('sound')).status).toBe(200);
  });
});
