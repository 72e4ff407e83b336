import {
  startProviderSimulator,
  type ProviderSimulator,
} from '@ai-gateway/provider-simulator';
import { TestDatabases } from '@backstage/backend-test-utils';
import { createServer, type Server } from 'node:http';
import { connect, type Socket } from 'node:net';
import { eventually } from './__testUtils__/eventually';
import { startTestGateway } from './__testUtils__/startTestGateway';
import {
  TestControlPlane,
  type TestKey,
} from './__testUtils__/TestControlPlane';
import type { RunningGateway } from './app';
import type { OverloadSettings } from './config/OverloadSettings';
import { listen } from './http/listen';

jest.setTimeout(120_000);

// Out here, so that databases are taken away after what uses them.
const databases = TestDatabases.create({ ids: ['POSTGRES_18'] });

const ROOMY: OverloadSettings = {
  maxRequests: 1_000,
  maxBufferedBytes: 100_000_000,
  maxMemoryBytes: 100_000_000_000,
  maxEventLoopLagMs: 60_000,
};
const CLIENT = {
  headersTimeoutMs: 15_000,
  requestTimeoutMs: 120_000,
  bodyIdleTimeoutMs: 30_000,
  stallTimeoutMs: 500,
  keepAliveMs: 15_000,
};
/** More than the buffers between the gateway and a client hold. */
const LARGE_BYTES = 40_000_000;

describe('a gateway with too much to do', () => {
  let plane: TestControlPlane;
  let simulator: ProviderSimulator;
  let large: Server;
  let key: TestKey;
  const gateways: RunningGateway[] = [];
  const sockets: Socket[] = [];

  beforeAll(async () => {
    plane = await TestControlPlane.create(await databases.init('POSTGRES_18'));
    simulator = await startProviderSimulator({
      firstTokenMs: 20,
      tokensPerSecond: 20,
    });
    large = createServer((req, res) => {
      req.resume();
      res.writeHead(200, { 'content-type': 'application/json' });
      res.end(
        JSON.stringify({
          choices: [{ message: { content: 'x'.repeat(LARGE_BYTES) } }],
          usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
        }),
      );
    });
    const largeUrl = await listen(large, { host: '127.0.0.1', port: 0 });
    await plane.addModel('paced', {
      providerId: await plane.addProvider(`${simulator.url}/v1`),
      upstreamModel: 'paced',
    });
    await plane.addModel('large', {
      providerId: await plane.addProvider(`${largeUrl}/v1`),
      upstreamModel: 'large',
    });
    key = await plane.addKey();
  });

  afterAll(async () => {
    for (const socket of sockets) socket.destroy();
    for (const gateway of gateways) await gateway.close();
    large?.close();
    large?.closeAllConnections();
    await simulator?.close();
  });

  async function start(overload: Partial<OverloadSettings>) {
    const gateway = await startTestGateway({
      knex: plane.knex,
      settings: { overload: { ...ROOMY, ...overload }, client: CLIENT },
      data: { aiGateway: { gateway: { metrics: { allowLoopback: true } } } },
    });
    gateways.push(gateway);
    return gateway;
  }

  const ask = (url: string, maxTokens: number, signal?: AbortSignal) =>
    fetch(`${url}/v1/chat/completions`, {
      method: 'POST',
      signal,
      headers: {
        authorization: `Bearer ${key.apiKey}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify({
        model: 'paced',
        stream: true,
        max_tokens: maxTokens,
        messages: [{ role: 'user', content: 'A long story' }],
      }),
    });

  /** The headers of a request, as they are on the wire, with some of its body or none. */
  function send(url: string, headers: readonly string[], body = '') {
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    sockets.push(socket);
    socket.on('error', () => undefined);
    socket.write(
      [
        'POST /v1/chat/completions HTTP/1.1',
        'host: x',
        `authorization: Bearer ${key.apiKey}`,
        'content-type: application/json',
        ...headers,
        '',
        body,
      ].join('\r\n'),
    );
    let text = '';
    socket.on('data', chunk => {
      text += chunk;
    });
    return { socket, text: () => text };
  }

  const metric = async (url: string, name: string) => {
    const text = await (await fetch(`${url}/metrics`)).text();
    const line = text.split('\n').find(l => l.startsWith(name)) ?? '';
    return Number(line.slice(line.lastIndexOf(' ') + 1));
  };

  it('refuses new requests at their headers, lets those under way finish, and answers its probes', async () => {
    const { url } = await start({ maxRequests: 2 });
    const streams = [await ask(url, 15), await ask(url, 15)];
    // The body of this one never comes.
    const third = send(url, ['content-length: 1000000']);
    await eventually(() => third.text().includes('\r\n\r\n{'));
    expect(third.text()).toMatch(/^HTTP\/1\.1 503 /);
    expect(third.text()).toMatch(/\r\nretry-after: 2\r\n/i);
    expect(third.text()).toMatch(/\r\nx-should-retry: true\r\n/i);
    expect(third.text()).toContain('"code":"overloaded"');
    for (const path of ['/healthz', '/readyz', '/metrics']) {
      expect((await fetch(url + path)).status).toBe(200);
    }
    expect(
      await metric(url, 'aigateway_requests_shed_total{reason="requests"}'),
    ).toBe(1);
    expect(await metric(url, 'aigateway_overloaded')).toBe(1);
    for (const stream of streams) {
      expect(await stream.text()).toContain('[DONE]');
    }
    await eventually(
      async () => (await metric(url, 'aigateway_overloaded')) === 0,
    );
    const after = await ask(url, 1);
    expect(after.status).toBe(200);
    await after.text();
  });

  it('holds no more of slow bodies in memory than it may, whether they tell their length or not', async () => {
    const { url } = await start({ maxBufferedBytes: 100_000 });
    const half = 'x'.repeat(60_000);
    const chunk = `${half.length.toString(16)}\r\n${half}\r\n`;
    const slow = send(url, ['transfer-encoding: chunked'], chunk);
    await eventually(
      async () => (await metric(url, 'aigateway_buffered_bytes')) === 60_000,
    );
    const untold = send(url, ['transfer-encoding: chunked'], chunk);
    const told = send(url, ['content-length: 60000']);
    for (const refused of [untold, told]) {
      await eventually(() => refused.text().includes('"overloaded"'));
      expect(refused.text()).toMatch(/^HTTP\/1\.1 503 /);
    }
    slow.socket.destroy();
    await eventually(
      async () => (await metric(url, 'aigateway_buffered_bytes')) === 0,
    );
    const after = await ask(url, 1);
    expect(after.status).toBe(200);
    await after.text();
  });

  it('keeps no answer for a client that does not read it', async () => {
    const { url } = await start({});
    const body = JSON.stringify({
      model: 'large',
      messages: [{ role: 'user', content: 'All of it' }],
    });
    const { socket } = send(url, [`content-length: ${body.length}`], body);
    socket.pause();
    const gone = new Promise(resolve => socket.once('close', resolve));
    await eventually(
      async () => (await metric(url, 'aigateway_buffered_bytes')) > LARGE_BYTES,
      { withinMs: 20_000 },
    );
    await eventually(
      async () => (await metric(url, 'aigateway_buffered_bytes')) === 0,
      { withinMs: 20_000 },
    );
    socket.resume();
    await gone;
  });
});
