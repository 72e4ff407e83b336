import { TestDatabases } from '@backstage/backend-test-utils';
import { randomUUID } from 'node:crypto';
import { eventually } from './__testUtils__/eventually';
import {
  answerOf,
  ScriptedUpstream,
  streamOf,
  type Script,
} from './__testUtils__/ScriptedUpstream';
import { startTestGateway } from './__testUtils__/startTestGateway';
import {
  TestControlPlane,
  type LedgerRow,
  type TestKey,
} from './__testUtils__/TestControlPlane';
import type { RunningGateway } from './app';

jest.setTimeout(120_000);

// Out here, so that databases are taken away after what uses them.
const databases = TestDatabases.create({ ids: ['POSTGRES_18'] });

const event = (chunk: object) => `data: ${JSON.stringify(chunk)}\n\n`;
const delta = (of: object, finish: string | null = null) =>
  event({ choices: [{ index: 0, delta: of, finish_reason: finish }] });
const USAGE = { prompt_tokens: 7, completion_tokens: 3 };
const EVENTS = [
  ': processing\n\n',
  delta({ role: 'assistant', content: '' }),
  delta({ content: 'Hello' }),
  delta({ content: ' wörld' }),
  delta({}, 'stop'),
  event({ choices: [], usage: USAGE }),
  'data: [DONE]\n\n',
];
const STREAM = streamOf(EVENTS);
const WHOLE = answerOf(
  200,
  JSON.stringify({
    choices: [
      {
        index: 0,
        message: { role: 'assistant', content: 'Hello wörld' },
        finish_reason: 'stop',
      },
    ],
    usage: USAGE,
  }),
);
const ERROR = event({ error: { message: 'overloaded', type: 'server_error' } });

const play = (...pieces: Script['pieces']): Script => ({ pieces, then: 'end' });
/** The first bytes of it, and then the connection is closed. */
const cut = (whole: Buffer, bytes: number) => play(whole.subarray(0, bytes));

/** Never opens and never waits: what each attempt comes to is what counts. */
const PATIENT = { failures: 100, failurePercent: 100, probe: false };

describe('fallback', () => {
  let plane: TestControlPlane;
  let upstream: ScriptedUpstream;
  let providerId: string;
  let gateway: RunningGateway;
  let key: TestKey;
  /** What is done for a model upstream; all others are sound. */
  const scripts = new Map<string, (request: number) => Script>();

  beforeAll(async () => {
    plane = await TestControlPlane.create(await databases.init('POSTGRES_18'));
    upstream = await ScriptedUpstream.start(
      (model, request) =>
        scripts.get(model)?.(request) ??
        (model.endsWith('whole') ? play(WHOLE) : play(...STREAM)),
    );
    providerId = await plane.addProvider(upstream.url);
    key = await plane.addKey();
    gateway = await startTestGateway({
      knex: plane.knex,
      settings: {
        client: {
          headersTimeoutMs: 5_000,
          requestTimeoutMs: 5_000,
          bodyIdleTimeoutMs: 5_000,
          stallTimeoutMs: 5_000,
          keepAliveMs: 200,
        },
      },
    });
  });

  afterAll(async () => {
    await gateway?.close();
    await upstream?.close();
  });

  /** A model whose deployments are tried in this order, each an upstream model of this name. */
  async function addModel(
    id: string,
    upstreamModels: readonly string[],
    routing: Parameters<TestControlPlane['setRouting']>[1] = {},
  ): Promise<void> {
    const [first, ...others] = upstreamModels;
    await plane.addModel(id, { providerId, upstreamModel: first });
    for (const [n, upstreamModel] of others.entries()) {
      await plane.addDeployment(id, {
        providerId,
        upstreamModel,
        priority: n + 1,
      });
    }
    await plane.setRouting(id, { health: PATIENT, ...routing });
    await eventually(async () => {
      const response = await fetch(`${gateway.url}/v1/models/${id}`, {
        headers: { authorization: `Bearer ${key.apiKey}` },
      });
      return response.ok;
    });
    // Until the routing is there too.
    const { revision } = await plane.knex('config_revision').first();
    await eventually(async () => {
      const replica = await plane.knex('gateway_replicas').first();
      return replica?.applied_revision === revision;
    });
  }

  let requests = 0;
  async function ask(
    model: string,
    options: { stream?: boolean; key?: TestKey } = {},
  ) {
    requests += 1;
    const requestId = `request-${requests}`;
    const response = await fetch(`${gateway.url}/v1/chat/completions`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${(options.key ?? key).apiKey}`,
        'content-type': 'application/json',
        'x-request-id': requestId,
      },
      body: JSON.stringify({
        model,
        stream: options.stream ?? true,
        messages: [{ role: 'user', content: 'Hello' }],
      }),
    });
    return {
      requestId,
      status: response.status,
      headers: response.headers,
      text: await response.text(),
    };
  }

  /** What was booked for requests, once all of it has been: their last attempts are the last to be. */
  async function booked(
    requestIds: readonly string[],
  ): Promise<Map<string, LedgerRow[]>> {
    const marker = await ask('sound');
    return eventually(async () => {
      const rows = await plane.events();
      if (!rows.some(row => row.request_id === marker.requestId)) {
        return undefined;
      }
      return new Map(
        requestIds.map(id => [id, rows.filter(row => row.request_id === id)]),
      );
    });
  }
  const attemptsOf = async ({ requestId }: { requestId: string }) =>
    (await booked([requestId])).get(requestId) ?? [];

  const UNBILLED = {
    outcome: 'upstream_error',
    usage_source: 'none',
    cost_nano_usd: '0',
  };
  const BILLED = {
    outcome: 'complete',
    usage_source: 'reported',
    input_tokens: '7',
    output_tokens: '3',
    cost_nano_usd: '13000',
  };

  beforeAll(async () => {
    await addModel('sound', ['sound']);
  });

  it('hides an upstream that dies, at whichever byte of a stream, until there is content; and never after', async () => {
    await addModel('dies', ['dying', 'sound']);
    const whole = Buffer.concat(STREAM);
    const contentAt =
      whole.indexOf(EVENTS[2]) + Buffer.byteLength(EVENTS[2]) - 1;
    const ids: string[] = [];
    for (let at = 0; at < whole.length; at += 1) {
      // A sound answer now and then, for its deployment not to be left alone.
      if (at % 50 === 49) {
        scripts.delete('dying');
        await ask('dies');
      }
      scripts.set('dying', () => cut(whole, at));
      const answer = await ask('dies');
      ids.push(answer.requestId);
      expect(answer.status).toBe(200);
      const isWhole = answer.text.endsWith('data: [DONE]\n\n');
      const isError = answer.text.includes('"upstream_cut_off"');
      // The last bytes are only the end of the encoding.
      const hasEnd = at >= whole.lastIndexOf('data: [DONE]\n\n') + 14;
      expect({ at, isWhole, isError }).toEqual({
        at,
        isWhole: at <= contentAt || hasEnd,
        isError: at > contentAt && !hasEnd,
      });
      expect(answer.text.split('Hello').length).toBe(2);
    }
    const events = await booked(ids);
    for (const id of ids.slice(0, contentAt + 1)) {
      expect(events.get(id)).toMatchObject([
        { ...UNBILLED, attempt: 1 },
        { ...BILLED, attempt: 2 },
      ]);
    }
    for (const id of ids.slice(contentAt + 1)) {
      const attempts = events.get(id) ?? [];
      expect(attempts).toHaveLength(1);
      expect(Number(attempts[0].cost_nano_usd)).toBeGreaterThan(0);
    }
  });

  it('hides an upstream that dies at whichever byte of an answer that is not streamed, and bills what came', async () => {
    await addModel('dies-whole', ['dying-whole', 'sound-whole']);
    const bodyAt = WHOLE.indexOf('\r\n\r\n') + 4;
    const ids: string[] = [];
    for (let at = 0; at < WHOLE.length; at += 1) {
      if (at % 50 === 49) {
        scripts.delete('dying-whole');
        await ask('dies-whole', { stream: false });
      }
      scripts.set('dying-whole', () => cut(WHOLE, at));
      const answer = await ask('dies-whole', { stream: false });
      ids.push(answer.requestId);
      expect(answer.status).toBe(200);
      expect(JSON.parse(answer.text).choices).toHaveLength(1);
    }
    const events = await booked(ids);
    ids.forEach((id, at) => {
      const [first, second] = events.get(id) ?? [];
      expect(second).toMatchObject({ ...BILLED, attempt: 2 });
      expect(first.usage_source).toBe(at > bodyAt ? 'estimated' : 'none');
    });
  });

  it.each([
    ['a status of 500', true, () => play(answerOf(500, '{}'))],
    ['a page', true, () => play(answerOf(200, '<html>'))],
    ['a limit', true, () => play(answerOf(429, '{}', { 'retry-after': '0' }))],
    [
      'an account that is not paid for',
      true,
      () =>
        play(
          answerOf(
            400,
            '{"error":{"message":"Your credit balance is too low to access the API."}}',
          ),
        ),
    ],
    [
      'an error in a stream, before any content',
      true,
      () => play(...streamOf([EVENTS[0], EVENTS[1], ERROR])),
    ],
    [
      'a stream that ends without having said anything',
      true,
      () => play(...streamOf([EVENTS[0], EVENTS[1]])),
    ],
    [
      'an error with a status of success',
      false,
      () => play(answerOf(200, '{"error":{"message":"overloaded"}}')),
    ],
  ])('hides %s', async (what, stream, script) => {
    const id = what.replaceAll(/[^a-z0-9]+/g, '-');
    const kind = stream ? 'stream' : 'whole';
    scripts.set(`${id}-${kind}`, script);
    await addModel(id, [`${id}-${kind}`, `sound-${kind}`]);
    const answer = await ask(id, { stream });
    expect(answer.status).toBe(200);
    expect(answer.text).toContain('Hello');
    expect(answer.text).not.toContain('overloaded');
    expect(answer.headers.get('x-ai-gateway-model')).toBeNull();
    expect(await attemptsOf(answer)).toMatchObject([
      { ...UNBILLED, attempt: 1 },
      { ...BILLED, attempt: 2 },
    ]);
  });

  it('never follows content: an error after it ends the stream in our words, and there is one attempt', async () => {
    scripts.set('late-error', () =>
      play(...streamOf([...EVENTS.slice(0, 3), ERROR, ...EVENTS.slice(3)])),
    );
    await addModel('late-error', ['late-error', 'sound']);
    const answer = await ask('late-error');
    expect(answer.text).toContain('Hello');
    expect(answer.text).not.toContain('wörld');
    expect(answer.text).not.toContain('overloaded');
    expect(answer.text).not.toContain('[DONE]');
    expect(answer.text).toMatch(
      /data: \{"error":.*"code":"upstream_error".*\n\n$/,
    );
    expect(await attemptsOf(answer)).toMatchObject([
      { outcome: 'upstream_error', usage_source: 'estimated' },
    ]);
  });

  it('is not made for a request that is at fault', async () => {
    scripts.set('rejects', () =>
      play(answerOf(400, '{"error":{"message":"Too hot."}}')),
    );
    await addModel('rejects', ['rejects', 'sound']);
    const answer = await ask('rejects');
    expect(answer.status).toBe(400);
    expect(JSON.parse(answer.text).error.message).toBe('Too hot.');
    expect(await attemptsOf(answer)).toHaveLength(1);
  });

  it('tries the only deployment again, after which the client is told what is most useful', async () => {
    scripts.set('once', request =>
      request === 1 ? cut(Buffer.concat(STREAM), 0) : play(...STREAM),
    );
    await addModel('once', ['once']);
    const answer = await ask('once');
    expect(answer.text.endsWith('data: [DONE]\n\n')).toBe(true);
    expect(await attemptsOf(answer)).toMatchObject([UNBILLED, BILLED]);

    scripts.set('always', () => play(answerOf(500, '{}')));
    await addModel('always', ['always']);
    const failed = await ask('always');
    expect(failed.status).toBe(502);
    expect(JSON.parse(failed.text).error).toMatchObject({
      code: 'upstream_error',
      message: expect.stringContaining('2 attempts were made'),
    });
    expect(await attemptsOf(failed)).toMatchObject([UNBILLED, UNBILLED]);
  });

  describe('to another model', () => {
    beforeAll(async () => {
      scripts.set('down', () => play(answerOf(503, '{}')));
      await addModel('small', ['sound']);
      await plane.addAlias('smallest', 'small');
      await addModel('large', ['down'], { fallbackModels: ['smallest'] });
      await plane.addAlias('best', 'large');
    });

    it('says which has answered, and bills that one', async () => {
      const answer = await eventually(async () => {
        const got = await ask('best');
        return got.status === 200 ? got : undefined;
      });
      expect(answer.headers.get('x-ai-gateway-model')).toBe('small');
      expect(await attemptsOf(answer)).toMatchObject([
        { ...UNBILLED, model_id: 'large', attempt: 1 },
        { ...UNBILLED, model_id: 'large', attempt: 2 },
        { ...BILLED, model_id: 'small', attempt: 3 },
      ]);
    });

    it('is not made where the key may not call it', async () => {
      const scoped = await plane.addKey({ modelScope: ['large'] });
      const answer = await eventually(async () => {
        const got = await ask('large', { key: scoped });
        return got.status === 401 ? undefined : got;
      });
      expect(answer.status).toBe(502);
      expect(answer.headers.get('x-ai-gateway-model')).toBeNull();
    });
  });

  it('to another model is not made where a policy denies that', async () => {
    const denied = await plane.addKey();
    const asked = () => ask('large', { key: denied });
    await eventually(async () => (await asked()).status === 200);
    await plane.change((tx, revision) =>
      tx('policies').insert({
        id: randomUUID(),
        subject_kind: 'key',
        subject_id: denied.id,
        denied_models: ['small'],
        revision,
        created_by: 'user:default/test',
        updated_by: 'user:default/test',
      }),
    );
    const answer = await eventually(async () => {
      const got = await asked();
      return got.status === 200 ? undefined : got;
    });
    expect(answer.status).toBe(502);
    expect(await attemptsOf(answer)).toMatchObject([
      { ...UNBILLED, model_id: 'large' },
      { ...UNBILLED, model_id: 'large' },
    ]);
  });

  it("to another model counts for that model's own subscription, and is not made where that is used up", async () => {
    await addModel('reserve', ['sound']);
    await addModel('main', ['down'], { fallbackModels: ['reserve'] });
    const own = await plane.addLimit('subscription:search/main', {
      measure: 'requests',
      window: 'day',
      amount: 100,
    });
    await plane.addLimit('subscription:search/reserve', {
      measure: 'requests',
      window: 'day',
      amount: 1,
    });
    const first = await eventually(async () => {
      const got = await ask('main');
      return got.status === 200 ? got : undefined;
    });
    expect(first.headers.get('x-ai-gateway-model')).toBe('reserve');
    const second = await ask('main');
    expect(second.status).toBe(502);
    expect((await attemptsOf(second)).map(row => row.model_id)).not.toContain(
      'reserve',
    );
    // The model itself is used up as well, and for whoever asks for it.
    expect((await ask('reserve')).status).toBe(429);

    // Of the model that was asked for only its own attempts were counted.
    await plane.changeRule('limits', own, { amount: 1 });
    const refused = await eventually(async () => {
      const got = await ask('main');
      return got.status === 429 ? got : undefined;
    });
    expect(JSON.parse(refused.text).error.limits).toMatchObject([
      { level: 'subscription', subject: 'search/main', limit: 1 },
    ]);
  });

  describe('and a client that waits for a stream', () => {
    it('gets comments until there is content, and those of the upstream with it', async () => {
      const [head, comment, ...rest] = STREAM;
      scripts.set('slow', () => play(head, comment, { waitMs: 700 }, ...rest));
      await addModel('slow', ['slow']);
      const { text } = await ask('slow');
      expect(text).toMatch(/^(: keep-alive\n\n)+: processing\n\n/);
      expect(text.endsWith('data: [DONE]\n\n')).toBe(true);
    });

    it('is told of a failure by an event of the stream, once it has been kept waiting', async () => {
      scripts.set('slow-failure', () =>
        play({ waitMs: 500 }, answerOf(500, '{}')),
      );
      await addModel('slow-failure', ['slow-failure'], {
        retries: { attempts: 1 },
      });
      const { status, text } = await ask('slow-failure');
      expect(status).toBe(200);
      expect(text).toMatch(/^(: keep-alive\n\n)+data: \{"error"/);
      expect(text).not.toContain('[DONE]');
    });

    it('is served by another deployment, when the first has no content in time', async () => {
      const [head, comment] = STREAM;
      scripts.set('never', () => ({
        pieces: [head, comment],
        then: 'hang',
      }));
      await addModel('never', ['never', 'sound'], {
        timeouts: { firstTokenMs: 500 },
        health: PATIENT,
      });
      const answer = await ask('never');
      expect(answer.text.endsWith('data: [DONE]\n\n')).toBe(true);
      expect(await attemptsOf(answer)).toMatchObject([
        { ...UNBILLED, error_code: 'upstream_timeout' },
        BILLED,
      ]);
    });
  });

  it('leaves a deployment alone whose provider limits requests, for as long as it says', async () => {
    scripts.set('limited', () =>
      play(answerOf(429, '{}', { 'retry-after': '2' })),
    );
    await addModel('limited', ['limited', 'sound']);
    const ids: string[] = [];
    for (let n = 0; n < 40; n += 1) {
      const answer = await ask('limited');
      expect(answer.status).toBe(200);
      ids.push(answer.requestId);
    }
    const asked = upstream.requests.get('limited') ?? 0;
    expect(asked).toBeLessThan(5);
    const events = await booked(ids);
    const all = [...events.values()].flat();
    expect(all.filter(row => row.outcome === 'complete')).toHaveLength(40);
    expect(all).toHaveLength(40 + asked);
    await eventually(async () => {
      await ask('limited');
      return (upstream.requests.get('limited') ?? 0) > asked;
    });
  });

  it('refuses at once when each deployment is left alone, which costs nothing', async () => {
    scripts.set('alone', () =>
      play(answerOf(429, '{}', { 'retry-after': '30' })),
    );
    await addModel('alone', ['alone']);
    await ask('alone');
    const refused = await ask('alone');
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(25);
    expect(upstream.requests.get('alone')).toBe(1);
    expect(await attemptsOf(refused)).toMatchObject([
      { outcome: 'refused', usage_source: 'none', cost_nano_usd: '0' },
    ]);

    scripts.set('broken', () => play(answerOf(500, '{}')));
    await addModel('broken', ['broken'], {
      retries: { attempts: 1 },
      health: { failures: 1, openMs: 60_000, probe: false },
    });
    await ask('broken');
    const open = await ask('broken');
    expect(open.status).toBe(503);
    expect(JSON.parse(open.text).error.code).toBe('upstream_unavailable');
    expect(upstream.requests.get('broken')).toBe(1);
  });

  it('hides a deployment that flaps, leaves it alone while it does, and bills each answer once', async () => {
    const faults = [
      () => play(answerOf(500, '{}')),
      () => cut(Buffer.concat(STREAM), 30),
      () => play(...streamOf([EVENTS[1], ERROR])),
      () => play(...STREAM),
    ];
    scripts.set('flapping', request => faults[request % 4]());
    await addModel('flaps', ['flapping', 'sound'], {
      health: { failures: 3, openMs: 300, maxOpenMs: 300, probe: false },
    });
    const answers = await Promise.all(
      Array.from({ length: 200 }, async (_, n) => {
        await new Promise(resolve => setTimeout(resolve, n * 10));
        return ask('flaps');
      }),
    );
    expect(
      answers.filter(({ text }) => text.endsWith('data: [DONE]\n\n')),
    ).toHaveLength(200);
    const events = await booked(answers.map(({ requestId }) => requestId));
    for (const attempts of events.values()) {
      const billed = attempts.filter(row => row.cost_nano_usd !== '0');
      expect(billed).toMatchObject([BILLED]);
    }
    expect(upstream.requests.get('flapping')).toBeLessThan(150);
  });

  it('finds a deployment again by asking what costs nothing, long before it would have been tried', async () => {
    scripts.set('recovers', request =>
      request === 1 ? play(answerOf(500, '{}')) : play(...STREAM),
    );
    await addModel('recovers', ['recovers'], {
      retries: { attempts: 1 },
      health: { failures: 1, openMs: 600_000, maxOpenMs: 600_000 },
    });
    expect((await ask('recovers')).status).toBe(502);
    expect((await ask('recovers')).status).toBe(503);
    const state = () =>
      plane
        .knex('deployment_states')
        .whereIn(
          'deployment_id',
          plane.knex('deployments').where('model_id', 'recovers').select('id'),
        )
        .first();
    const open = await eventually(state);
    expect(open).toMatchObject({ state: 'open', reason: 'upstream_error' });
    expect(open.until.getTime()).toBeGreaterThan(Date.now() + 500_000);
    await eventually(async () => (await ask('recovers')).status === 200, {
      withinMs: 15_000,
    });
    expect(upstream.requests.get('*')).toBeGreaterThan(0);
    expect(upstream.requests.get('recovers')).toBe(2);
    await eventually(async () => (await state()).state === 'healthy');
    expect((await state()).first_token_ms).not.toBeNull();
  });

  it('lets a deployment finish that is no longer published', async () => {
    const [head, , , hello, ...rest] = STREAM;
    scripts.set('leaving', () => play(head, hello, { waitMs: 2_000 }, ...rest));
    const { deploymentId } = await plane.addModel('leaves', {
      providerId,
      upstreamModel: 'leaving',
    });
    await eventually(
      async () => (await ask('leaves')).status === 200 || undefined,
    );
    const answering = ask('leaves');
    await new Promise(resolve => setTimeout(resolve, 300));
    await plane.setPublished(deploymentId, false);
    await eventually(
      async () => (await ask('leaves')).status === 404 || undefined,
    );
    const answer = await answering;
    expect(answer.text.endsWith('data: [DONE]\n\n')).toBe(true);
  });
});
