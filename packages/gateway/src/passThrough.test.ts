import {
  startProviderSimulator,
  type ProviderSimulator,
} from '@ai-gateway/provider-simulator';
import { TestDatabases } from '@backstage/backend-test-utils';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { eventually } from './__testUtils__/eventually';
import { startTestGateway } from './__testUtils__/startTestGateway';
import {
  TestControlPlane,
  type TestKey,
} from './__testUtils__/TestControlPlane';
import type { RunningGateway } from './app';

jest.setTimeout(60_000);

// Out here, so that databases are taken away after what uses them.
const databases = TestDatabases.create({ ids: ['POSTGRES_18'] });

describe('what passes between a client and an upstream: when that', () => {
  let plane: TestControlPlane;
  let simulator: ProviderSimulator;
  let gateway: RunningGateway;
  let key: TestKey;
  /** It tells what it was sent, and answers as one may that we do not know. */
  let mirror: Server;
  let mirrored: Record<string, unknown> = {};

  beforeAll(async () => {
    plane = await TestControlPlane.create(await databases.init('POSTGRES_18'));
    simulator = await startProviderSimulator({});
    await plane.addModel('sound', {
      providerId: await plane.addProvider(`${simulator.url}/v1`),
      upstreamModel: 'sim-instant',
    });
    mirror = createServer((req, res) => {
      let body = '';
      req.on('data', chunk => (body += chunk));
      req.on('end', () => {
        mirrored = { headers: req.headers, url: req.url, body };
        const { model } = JSON.parse(body);
        if (model === 'crlf') {
          res.writeHead(200, { 'content-type': 'text/event-stream' });
          res.write(
            ': hello\r\n\r\nevent: odd\r\ndata: {"choices":[{"index":0,"delta":\r\n',
          );
          res.write('data: {"content":"é"}}]}\r\n\r\n');
          res.end(
            'data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\r\n\r\ndata: [DONE]\r\n\r\n',
          );
        } else {
          res.writeHead(200, {
            'content-type': 'application/json',
            'set-cookie': 'a=b',
            'x-internal': 'c',
          });
          res.end(
            '{"choices":[],"usage":{"prompt_tokens":1,"completion_tokens":1}}',
          );
        }
      });
    });
    await new Promise<void>(resolve => mirror.listen(0, '127.0.0.1', resolve));
    const providerId = await plane.addProvider(
      `http://127.0.0.1:${(mirror.address() as AddressInfo).port}/base/v1/`,
      { secretRef: 'env://MIRROR_API_KEY' },
    );
    for (const upstreamModel of ['plain', 'crlf']) {
      await plane.addModel(`mirror-${upstreamModel}`, {
        providerId,
        upstreamModel,
      });
    }
    key = await plane.addKey();
    gateway = await startTestGateway({
      knex: plane.knex,
      env: { MIRROR_API_KEY: 'mirror-secret' },
    });
  });
  afterAll(async () => {
    await gateway?.close();
    await simulator?.close();
    mirror?.closeAllConnections();
    mirror?.close();
  });

  let requests = 0;
  /** Asks, reads everything, and finds what was booked for it. */
  async function ask(model: string, more: Record<string, unknown> = {}) {
    requests += 1;
    const requestId = `request-${requests}`;
    const response = await fetch(`${gateway.url}/v1/chat/completions`, {
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
    const event = await eventually(async () =>
      (await plane.events()).find(row => row.request_id === requestId),
    );
    return { headers: response.headers, text, event };
  }

  it('writes its events in its own way, they come as they were', async () => {
    const answer = await ask('mirror-crlf', { stream: true });
    expect(answer.text).toBe(
      [
        ': hello\r\n\r\n',
        'event: odd\r\ndata: {"choices":[{"index":0,"delta":\r\ndata: {"content":"é"}}]}\r\n\r\n',
        'data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\r\n\r\n',
        'data: [DONE]\n\n',
      ].join(''),
    );
    expect(answer.event.outcome).toBe('complete');
  });

  it('gets what the client sent and nothing that is between the client and us', async () => {
    const answer = await ask('mirror-plain', {
      temperature: 0.5,
      unknown: [1],
    });
    expect(mirrored).toMatchObject({ url: '/base/v1/chat/completions' });
    expect(JSON.parse(String(mirrored.body))).toEqual({
      model: 'plain',
      messages: [{ role: 'user', content: 'Tell me something' }],
      temperature: 0.5,
      unknown: [1],
    });
    expect(Object.keys(mirrored.headers as object).sort()).toEqual([
      'accept',
      'authorization',
      'connection',
      'content-length',
      'content-type',
      'host',
      'user-agent',
      'x-request-id',
    ]);
    expect(mirrored.headers).toMatchObject({
      authorization: 'Bearer mirror-secret',
    });
    expect(answer.headers.get('set-cookie')).toBeNull();
    expect(answer.headers.get('x-internal')).toBeNull();
  });

  it('is asked for the usage, a client who wants it sees it too', async () => {
    const hidden = await ask('sound', { stream: true });
    const shown = await ask('sound', {
      stream: true,
      stream_options: { include_usage: true },
    });
    expect(hidden.text).not.toContain('"usage":{');
    expect(shown.text).toContain('"usage":{');
    expect(hidden.event.output_tokens).toBe(shown.event.output_tokens);
    expect(hidden.headers.get('cache-control')).toBe('no-cache');
    expect(hidden.headers.get('x-accel-buffering')).toBe('no');
  });
});
