import {
  ClickHouseRequestLogStore,
  DatabaseRequestLogStore,
  type RequestLog,
} from '@ai-gateway/backstage-plugin-ai-gateway-node';
import {
  startProviderSimulator,
  type ProviderSimulator,
} from '@ai-gateway/provider-simulator';
import { TestDatabases } from '@backstage/backend-test-utils';
import { eventually } from './__testUtils__/eventually';
import { startTestGateway } from './__testUtils__/startTestGateway';
import {
  TestControlPlane,
  type TestKey,
} from './__testUtils__/TestControlPlane';
import type { RunningGateway } from './app';
// eslint-disable-next-line @backstage/no-relative-monorepo-imports -- the engine that the store itself is tested with
import {
  startChdbServer,
  type ChdbServer,
} from '../../../plugins/ai-gateway-node/src/requestLogs/testing/startChdbServer';

jest.setTimeout(90_000);

// Out here, so that databases are taken away after what uses them.
const databases = TestDatabases.create({ ids: ['POSTGRES_18'] });

const FAULTS = ['cut', 'status-500'] as const;

describe('request logs', () => {
  let plane: TestControlPlane;
  let simulator: ProviderSimulator;
  let gateway: RunningGateway;
  let key: TestKey;
  let logs: DatabaseRequestLogStore;

  beforeAll(async () => {
    plane = await TestControlPlane.create(await databases.init('POSTGRES_18'));
    simulator = await startProviderSimulator();
    const providerId = await plane.addProvider(`${simulator.url}/v1`);
    await plane.addModel('sound', { providerId, upstreamModel: 'sim-instant' });
    await plane.addModel('paced', { providerId, upstreamModel: 'sim-large' });
    for (const fault of FAULTS) {
      await plane.addModel(fault, {
        providerId,
        upstreamModel: `sim-instant+${fault}`,
      });
    }
    key = await plane.addKey();
    gateway = await startTestGateway({ knex: plane.knex });
    logs = DatabaseRequestLogStore.create({ knex: plane.knex, now: Date.now });
  });
  afterAll(async () => {
    await gateway?.close();
    await simulator?.close();
  });

  const ask = (
    requestId: string,
    body: unknown,
    given: {
      url?: string;
      signal?: AbortSignal;
      apiKey?: string;
      userAgent?: string;
    } = {},
  ) =>
    fetch(`${given.url ?? gateway.url}/v1/chat/completions`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${given.apiKey ?? key.apiKey}`,
        'content-type': 'application/json',
        'x-request-id': requestId,
        'user-agent': given.userAgent ?? 'test/1.0',
      },
      body: typeof body === 'string' ? body : JSON.stringify(body),
      signal: given.signal,
    });
  const chat = (model: string, stream = false) => ({
    model,
    stream,
    messages: [{ role: 'user', content: 'A story, please' }],
  });
  const logOf = (requestId: string): Promise<RequestLog> =>
    eventually(() => logs.get(['search'], requestId));
  const costOf = async (requestId: string) => {
    const row = await eventually(() =>
      plane.knex('usage_events').where({ request_id: requestId }).first(),
    );
    return BigInt(row.cost_nano_usd);
  };

  it.each([true, false])(
    'tell all of a request that was answered (streamed: %s)',
    async stream => {
      const id = `answered-${stream}`;
      await (await ask(id, chat('sound', stream))).text();
      const log = await logOf(id);
      expect(log).toMatchObject({
        projectId: 'search',
        apiKeyId: key.id,
        ownerRef: 'user:default/ada',
        modelId: 'sound',
        endpoint: 'chat.completions',
        streamed: stream,
        status: 200,
        outcome: 'complete',
        errorCode: null,
        attempts: 1,
        clientAgent: 'test/1.0',
        requestBody: null,
        responseBody: null,
      });
      const { promptTokens, completionTokens } = simulator
        .stats()
        .recent.at(-1)!;
      expect(log.inputTokens).toBe(promptTokens);
      expect(log.outputTokens).toBe(completionTokens);
      expect(log.costNanoUsd).toBe(await costOf(id));
      expect(log.costNanoUsd).toBeGreaterThan(0n);
      expect(log.deploymentId).not.toBeNull();
      expect(log.timeToFirstTokenMs).not.toBeNull();
      expect(log.latencyMs).toBeGreaterThanOrEqual(
        Number(log.timeToFirstTokenMs),
      );
    },
  );

  it.each([
    [
      'an unknown model',
      'unknown',
      chat('no-such-model'),
      404,
      'model_not_found',
      'no-such-model',
    ],
    ['a body that is no JSON', 'no-json', '{"model":', 400, 'invalid_json', ''],
  ])(
    'tell of a request that was refused for %s',
    async (_, id, body, status, errorCode, modelId) => {
      const response = await ask(id, body);
      expect(response.status).toBe(status);
      await response.text();
      expect(await logOf(id)).toMatchObject({
        status,
        errorCode,
        modelId,
        outcome: 'refused',
        attempts: 0,
        costNanoUsd: 0n,
        deploymentId: null,
        timeToFirstTokenMs: null,
      });
    },
  );

  it('tell of an upstream that failed, of a stream that was cut off, and of a client that hung up', async () => {
    await (await ask('failed', chat('status-500'))).text();
    expect(await logOf('failed')).toMatchObject({
      outcome: 'upstream_error',
      attempts: 2,
      costNanoUsd: 0n,
    });
    expect((await logOf('failed')).status).toBeGreaterThanOrEqual(500);

    await (await ask('cut', chat('cut', true))).text();
    expect(await logOf('cut')).toMatchObject({
      status: 200,
      outcome: 'truncated',
      errorCode: 'upstream_cut_off',
      streamed: true,
    });

    const controller = new AbortController();
    const response = await ask('hung-up', chat('paced', true), {
      signal: controller.signal,
    });
    await response.body!.getReader().read();
    controller.abort();
    const log = await logOf('hung-up');
    expect(log).toMatchObject({ status: 200, outcome: 'client_abort' });
    expect(log.costNanoUsd).toBe(await costOf('hung-up'));
  });

  it('tell of all attempts of a request as one', async () => {
    const providerId = await plane.addProvider(`${simulator.url}/v1`);
    await plane.addModel('twofold', {
      providerId,
      upstreamModel: 'sim-instant+status-500',
    });
    await plane.addDeployment('twofold', {
      providerId,
      upstreamModel: 'sim-instant',
      priority: 1,
    });
    // Until the gateway has heard of both.
    let n = 0;
    const log = await eventually(async () => {
      n += 1;
      await (await ask(`twofold-${n}`, chat('twofold'))).text();
      const one = await logOf(`twofold-${n}`);
      return one.attempts === 2 ? one : undefined;
    });
    expect(log).toMatchObject({ status: 200, outcome: 'complete' });
    const rows = await plane
      .knex('usage_events')
      .where({ request_id: log.requestId })
      .orderBy('attempt');
    expect(rows.map(row => row.outcome)).toEqual([
      'upstream_error',
      'complete',
    ]);
    expect(log.deploymentId).toBe(rows[1].deployment_id);
  });

  it('tell nothing of requests that nobody can be named for', async () => {
    const response = await ask('nobody', chat('sound'), {
      apiKey: `${key.apiKey.slice(0, -1)}~`,
    });
    expect(response.status).toBe(401);
    await response.text();
    await (await ask('somebody', chat('sound'))).text();
    await logOf('somebody');
    expect(
      await plane.knex('request_logs').where({ request_id: 'nobody' }),
    ).toEqual([]);
  });

  it('hold as much of bodies as the settings say, and never a credential', async () => {
    const capturing = await startTestGateway({
      knex: plane.knex,
      data: {
        aiGateway: { requestLogs: { capture: 'full', captureMaxBytes: 200 } },
      },
    });
    try {
      const { url } = capturing;
      const sent = JSON.stringify(chat('sound', true));
      const streamed = await (await ask('kept-stream', sent, { url })).text();
      const log = await logOf('kept-stream');
      expect(log.requestBody).toEqual({
        bytes: sent.length,
        text: sent,
        truncated: false,
      });
      expect(log.responseBody).toEqual({
        bytes: Buffer.byteLength(streamed),
        text: streamed.slice(0, 200),
        truncated: true,
      });

      const refused = await (
        await ask('kept-refusal', chat('no-such-model'), { url })
      ).text();
      expect((await logOf('kept-refusal')).responseBody?.bytes).toBe(
        Buffer.byteLength(refused),
      );
      const row = await plane
        .knex('request_logs')
        .where({ request_id: 'kept-stream' })
        .first();
      expect(JSON.stringify(row)).not.toContain(key.apiKey);
    } finally {
      await capturing.close();
    }
  });

  it('hold no key that a client put where it does not belong', async () => {
    const userAgent = `test/1.0 (${key.apiKey})`;
    const id = 'misplaced-key';
    await (await ask(id, chat(key.apiKey), { userAgent })).text();
    expect(await logOf(id)).toMatchObject({
      modelId: 'aigw_…',
      clientAgent: 'test/1.0 (aigw_…)',
    });
  });

  it('hold of bodies what the narrowest policy says', async () => {
    const other = await plane.addKey();
    await plane.addPolicy(`key:${other.id}`, {
      body_capture: 'full',
      body_capture_max_bytes: 10,
    });
    await plane.addPolicy('project:search', { body_capture: 'metadata' });
    const sent = JSON.stringify(chat('sound'));
    let n = 0;
    /** Asks until the gateway has heard of the policies. */
    const keptFor = (apiKey: string) =>
      eventually(async () => {
        n += 1;
        await (await ask(`policy-${n}`, sent, { apiKey })).text();
        return (await logOf(`policy-${n}`)).requestBody;
      });
    expect(await keptFor(key.apiKey)).toEqual({
      bytes: sent.length,
      text: null,
      truncated: false,
    });
    expect(await keptFor(other.apiKey)).toEqual({
      bytes: sent.length,
      text: sent.slice(0, 10),
      truncated: true,
    });
  });

  it('wait, are dropped if there are too many, and cost no request anything while their store is away', async () => {
    await plane.knex.raw('ALTER TABLE request_logs RENAME TO out_of_reach');
    let closed = false;
    const other = await startTestGateway({ knex: plane.knex });
    try {
      const response = await ask('unlogged', chat('sound'), { url: other.url });
      expect(response.status).toBe(200);
      await response.text();
      expect(await costOf('unlogged')).toBeGreaterThan(0n);
      await other.close();
      closed = true;
    } finally {
      if (!closed) await other.close();
      await plane.knex.raw('ALTER TABLE out_of_reach RENAME TO request_logs');
    }
    expect(await logs.get(['search'], 'unlogged')).toBeUndefined();
  });

  describe('in ClickHouse', () => {
    let engine: ChdbServer;
    let store: ClickHouseRequestLogStore;
    beforeAll(async () => {
      engine = await startChdbServer();
      store = ClickHouseRequestLogStore.create({
        url: engine.url,
        database: 'ai_gateway',
      });
      await store.ensureSchema();
    });
    afterAll(async () => {
      await store?.close();
      await engine?.stop();
    });

    it('are all there when the gateway has ended', async () => {
      const other = await startTestGateway({
        knex: plane.knex,
        data: {
          aiGateway: {
            requestLogs: {
              store: 'clickhouse',
              clickhouse: { url: engine.url },
              capture: 'metadata',
            },
          },
        },
      });
      const { url } = other;
      await (await ask('house', chat('sound', true), { url })).text();
      await (await ask('house-2', chat('no-such-model'), { url })).text();
      await other.close();
      expect(await store.get(['search'], 'house')).toMatchObject({
        status: 200,
        outcome: 'complete',
        costNanoUsd: await costOf('house'),
        requestBody: { text: null },
      });
      expect(await store.get(['search'], 'house-2')).toMatchObject({
        status: 404,
        outcome: 'refused',
      });
    });
  });
});
