import {
  startProviderSimulator,
  type ProviderSimulator,
} from '@ai-gateway/provider-simulator';
import { TestDatabases } from '@backstage/backend-test-utils';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { z } from 'zod';
import { spawnGateway } from './__testUtils__/spawnGateway';
import { startTestGateway } from './__testUtils__/startTestGateway';
import {
  TestControlPlane,
  type TestKey,
} from './__testUtils__/TestControlPlane';
import { listen } from './http/listen';

jest.setTimeout(120_000);

// Out here, so that databases are taken away after what uses them.
const databases = TestDatabases.create({ ids: ['POSTGRES_18'] });

const LOOPBACK = { host: '127.0.0.1', port: 0 };
const CLIENT_TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const CLIENT_SPAN = '00f067aa0ba902b7';

const value = z.union([
  z.object({ stringValue: z.string() }).transform(v => v.stringValue),
  z.object({ intValue: z.coerce.number() }).transform(v => v.intValue),
  z.object({ doubleValue: z.number() }).transform(v => v.doubleValue),
  z.object({ boolValue: z.boolean() }).transform(v => v.boolValue),
]);
const attributes = z
  .array(z.object({ key: z.string(), value }))
  .transform(all => Object.fromEntries(all.map(a => [a.key, a.value])));
const exported = z.object({
  resourceSpans: z.array(
    z.object({
      resource: z.object({ attributes: z.array(z.unknown()) }),
      scopeSpans: z.array(
        z.object({
          spans: z.array(
            z.object({
              traceId: z.string(),
              spanId: z.string(),
              parentSpanId: z.string().optional(),
              name: z.string(),
              kind: z.number(),
              attributes,
              status: z.object({ code: z.number().optional() }),
            }),
          ),
        }),
      ),
    }),
  ),
});

/** Takes spans as a collector does. */
async function startCollector() {
  const bodies: string[] = [];
  const server = createServer((req, res) => {
    let body = '';
    req.on('data', chunk => {
      body += chunk;
    });
    req.on('end', () => {
      if (req.url === '/v1/traces') bodies.push(body);
      res.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    });
  });
  const url = await listen(server, LOOPBACK);
  return {
    url,
    server,
    text: () => bodies.join('\n'),
    spans: () =>
      bodies.flatMap(body =>
        exported
          .parse(JSON.parse(body))
          .resourceSpans.flatMap(r => r.scopeSpans.flatMap(s => s.spans)),
      ),
  };
}

/** A provider that notes what comes with requests. */
async function startProvider(headers: IncomingHttpHeaders[]): Promise<Server> {
  const server = createServer((req, res) => {
    headers.push(req.headers);
    req.resume();
    req.on('end', () => {
      res.writeHead(200, { 'content-type': 'application/json' });
      res.end(
        JSON.stringify({
          id: 'c-1',
          object: 'chat.completion',
          created: 1,
          model: 'noted',
          choices: [
            {
              index: 0,
              finish_reason: 'stop',
              message: { role: 'assistant', content: 'An answer' },
            },
          ],
          usage: { prompt_tokens: 7, completion_tokens: 3, total_tokens: 10 },
        }),
      );
    });
  });
  return server;
}

describe('the traces of a gateway', () => {
  let plane: TestControlPlane;
  let simulator: ProviderSimulator;
  let noting: Server;
  let key: TestKey;
  const upstreamHeaders: IncomingHttpHeaders[] = [];

  beforeAll(async () => {
    plane = await TestControlPlane.create(await databases.init('POSTGRES_18'));
    simulator = await startProviderSimulator();
    noting = await startProvider(upstreamHeaders);
    const noted = await listen(noting, LOOPBACK);
    await plane.addModel('noted', {
      providerId: await plane.addProvider(`${noted}/v1`, { kind: 'openai' }),
      upstreamModel: 'noted-upstream',
    });
    await plane.addModel('streamed', {
      providerId: await plane.addProvider(`${simulator.url}/v1`),
      upstreamModel: 'sim-instant',
    });
    key = await plane.addKey();
  });

  afterAll(async () => {
    noting?.close();
    noting?.closeAllConnections();
    await simulator?.close();
  });

  /** Runs a gateway that is traced, has it asked, and ends it, so that all of its spans have come. */
  async function traced(
    telemetry: { sampleRatio?: number; propagate?: boolean },
    use: (url: string) => Promise<void>,
  ) {
    const collector = await startCollector();
    // A process of its own: the exporter loads what it needs as it goes, which tests' own modules cannot.
    const gateway = await spawnGateway({
      knex: plane.knex,
      data: {
        aiGateway: {
          gateway: { telemetry: { otlpEndpoint: collector.url, ...telemetry } },
        },
      },
    });
    upstreamHeaders.length = 0;
    await use(gateway.url);
    gateway.child.kill('SIGTERM');
    expect(await gateway.exited).toBe(0);
    collector.server.close();
    collector.server.closeAllConnections();
    return collector;
  }

  const ask = (
    url: string,
    body: { model: string; stream?: boolean },
    headers: Record<string, string> = {},
  ) =>
    fetch(`${url}/v1/chat/completions`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${key.apiKey}`,
        'content-type': 'application/json',
        ...headers,
      },
      body: JSON.stringify({
        messages: [{ role: 'user', content: 'A question of great secrecy' }],
        ...body,
      }),
    }).then(response => response.text());

  it('have one span a stage and an attempt, in the trace of the client, and pass it on upstream', async () => {
    const collector = await traced({}, async url => {
      await ask(
        url,
        { model: 'noted' },
        {
          traceparent: `00-${CLIENT_TRACE}-${CLIENT_SPAN}-01`,
          tracestate: 'vendor=private',
          'x-request-id': 'traced-1',
        },
      );
      await (await fetch(`${url}/healthz`)).text();
    });
    const spans = collector.spans();
    expect(spans.map(span => span.name).sort()).toEqual([
      'POST chat.completions',
      'admit',
      'authenticate',
      'chat noted-upstream',
      'commit',
      'deliver',
      'receive',
      'route',
      'settle',
    ]);
    expect(new Set(spans.map(span => span.traceId))).toEqual(
      new Set([CLIENT_TRACE]),
    );
    const server = spans.find(span => span.name === 'POST chat.completions')!;
    expect(server).toMatchObject({
      kind: 2,
      parentSpanId: CLIENT_SPAN,
      attributes: {
        'http.request.method': 'POST',
        'url.path': '/v1/chat/completions',
        'http.response.status_code': 200,
        'aigateway.request_id': 'traced-1',
        'gen_ai.operation.name': 'chat',
        'gen_ai.request.model': 'noted',
      },
    });
    for (const span of spans.filter(other => other !== server)) {
      expect(span.parentSpanId).toBe(server.spanId);
    }
    const attempt = spans.find(span => span.name === 'chat noted-upstream')!;
    expect(attempt).toMatchObject({
      kind: 3,
      attributes: {
        'gen_ai.operation.name': 'chat',
        'gen_ai.request.model': 'noted-upstream',
        'gen_ai.provider.name': 'openai',
        'gen_ai.usage.input_tokens': 7,
        'gen_ai.usage.output_tokens': 3,
        'server.address': '127.0.0.1',
        'http.response.status_code': 200,
        'aigateway.outcome': 'complete',
      },
    });
    expect(upstreamHeaders).toHaveLength(1);
    expect(upstreamHeaders[0].traceparent).toBe(
      `00-${CLIENT_TRACE}-${attempt.spanId}-01`,
    );
    expect(upstreamHeaders[0].tracestate).toBeUndefined();
    expect(collector.text()).not.toContain('secrecy');
    expect(collector.text()).not.toContain('An answer');
    expect(collector.text()).not.toContain(key.apiKey);
  });

  it('tell of what failed, and of streams', async () => {
    const collector = await traced({}, async url => {
      await ask(url, { model: 'nonesuch' });
      await ask(url, { model: 'streamed', stream: true });
    });
    const spans = collector.spans();
    const [refused, answered] = spans.filter(
      ({ name }) => name === 'POST chat.completions',
    );
    expect(refused).toMatchObject({
      status: { code: 2 },
      attributes: {
        'error.type': 'model_not_found',
        'http.response.status_code': 404,
      },
    });
    expect(answered.status.code ?? 0).toBe(0);
    expect(answered.traceId).not.toBe(refused.traceId);
    const attempt = spans.find(({ name }) => name === 'chat sim-instant')!;
    expect(attempt.attributes).toMatchObject({
      'aigateway.stream': true,
      'aigateway.outcome': 'complete',
      'aigateway.time_to_first_token_ms': expect.any(Number),
    });
  });

  it('hold no key, wherever a client put it', async () => {
    const collector = await traced({}, async url => {
      await ask(url, { model: key.apiKey });
      await fetch(`${url}/v1/${key.apiKey}`).then(answer => answer.text());
    });
    const told = collector.spans().map(({ attributes: a }) => a);
    expect(told).toContainEqual(
      expect.objectContaining({ 'gen_ai.request.model': 'aigw_…' }),
    );
    expect(told).toContainEqual(
      expect.objectContaining({ 'url.path': '/v1/aigw_…' }),
    );
    expect(collector.text()).not.toContain(key.apiKey);
  });

  it('are made of as many requests as is said, and of those whose client says so', async () => {
    const collector = await traced(
      { sampleRatio: 0, propagate: false },
      async url => {
        await ask(url, { model: 'noted' });
        await ask(
          url,
          { model: 'noted' },
          { traceparent: `00-${CLIENT_TRACE}-${CLIENT_SPAN}-01` },
        );
        await ask(url, { model: 'noted' }, { traceparent: 'nonsense' });
      },
    );
    const servers = collector
      .spans()
      .filter(({ name }) => name === 'POST chat.completions');
    expect(servers.map(({ traceId }) => traceId)).toEqual([CLIENT_TRACE]);
    expect(upstreamHeaders.map(h => h.traceparent)).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('are not made when nobody asked for them', async () => {
    const gateway = await startTestGateway({ knex: plane.knex });
    upstreamHeaders.length = 0;
    await ask(
      gateway.url,
      { model: 'noted' },
      { traceparent: `00-${CLIENT_TRACE}-${CLIENT_SPAN}-01` },
    );
    await gateway.close();
    expect(upstreamHeaders[0].traceparent).toBeUndefined();
  });

  it('hold up nothing when there is nobody to take them', async () => {
    const gateway = await spawnGateway({
      knex: plane.knex,
      data: {
        aiGateway: {
          gateway: { telemetry: { otlpEndpoint: 'http://127.0.0.1:1' } },
        },
      },
    });
    expect(await ask(gateway.url, { model: 'noted' })).toContain('An answer');
    gateway.child.kill('SIGTERM');
    expect(await gateway.exited).toBe(0);
  });
});
