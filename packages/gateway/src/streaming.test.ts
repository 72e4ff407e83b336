import {
  startProviderSimulator,
  type ProviderSimulator,
} from '@ai-gateway/provider-simulator';
import { TestDatabases } from '@backstage/backend-test-utils';
import { createServer as createHttpServer, type Server } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
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

/** Much more than the buffers between an upstream and a client hold. */
const FLOOD_BYTES = 200 * 1024 * 1024;
const CHUNK = Buffer.from(
  `data: {"choices":[{"index":0,"delta":{"content":"${'x'.repeat(60_000)}"}}]}\n\n`,
);

describe('a stream', () => {
  let plane: TestControlPlane;
  let simulator: ProviderSimulator;
  let flood: Server;
  let flooded = 0;
  let gateway: RunningGateway;
  let key: TestKey;

  beforeAll(async () => {
    plane = await TestControlPlane.create(await databases.init('POSTGRES_18'));
    simulator = await startProviderSimulator();
    flood = createHttpServer((req, res) => {
      req.resume();
      res.writeHead(200, { 'content-type': 'text/event-stream' });
      const pump = () => {
        while (flooded < FLOOD_BYTES && !res.destroyed) {
          flooded += CHUNK.length;
          if (!res.write(CHUNK)) {
            res.once('drain', pump);
            return;
          }
        }
      };
      pump();
    });
    await new Promise<void>(resolve => flood.listen(0, '127.0.0.1', resolve));
    const { port } = flood.address() as AddressInfo;
    await plane.addModel('flood', {
      providerId: await plane.addProvider(`http://127.0.0.1:${port}/v1`),
      upstreamModel: 'flood',
    });
    await plane.addModel('instant', {
      providerId: await plane.addProvider(`${simulator.url}/v1`),
      upstreamModel: 'sim-instant',
    });
    key = await plane.addKey();
    gateway = await startTestGateway({
      knex: plane.knex,
      settings: {
        client: {
          headersTimeoutMs: 5_000,
          requestTimeoutMs: 5_000,
          bodyIdleTimeoutMs: 5_000,
          stallTimeoutMs: 1_500,
          keepAliveMs: 15_000,
        },
      },
    });
  });

  afterAll(async () => {
    await gateway?.close();
    await simulator?.close();
    flood?.closeAllConnections();
    flood?.close();
  });

  const requestOf = (model: string, requestId: string) => {
    const body = JSON.stringify({ model, stream: true, messages: [{}] });
    return [
      'POST /v1/chat/completions HTTP/1.1',
      'host: gateway',
      `authorization: Bearer ${key.apiKey}`,
      'content-type: application/json',
      `x-request-id: ${requestId}`,
      `content-length: ${body.length}`,
      '',
      body,
    ].join('\r\n');
  };

  it('slows its upstream down when the client does not read, and ends when the client never does', async () => {
    const socket = connect(Number(new URL(gateway.url).port), '127.0.0.1');
    socket.pause();
    socket.on('error', () => undefined);
    socket.write(requestOf('flood', 'slow-reader'));
    let before = -1;
    await eventually(() => {
      const still = flooded > 0 && flooded === before;
      before = flooded;
      return still;
    });
    expect(flooded).toBeLessThan(FLOOD_BYTES / 4);
    const event = await eventually(async () =>
      (await plane.events()).find(row => row.request_id === 'slow-reader'),
    );
    expect(event).toMatchObject({
      outcome: 'client_abort',
      usage_source: 'estimated',
    });
    expect(Number(event.output_tokens)).toBeGreaterThan(10_000);
    // Should it read on after all, it finds a connection that broke and no end of a stream.
    let text = '';
    const closed = new Promise(resolve => socket.once('close', resolve));
    socket.on('data', chunk => {
      text = (text + chunk).slice(-1_000);
    });
    socket.resume();
    await closed;
    expect(text).not.toContain('[DONE]');
  });

  it('is one of many at a time, each of them whole and booked', async () => {
    const count = 200;
    const texts = await Promise.all(
      Array.from({ length: count }, async (_, n) => {
        const response = await fetch(`${gateway.url}/v1/chat/completions`, {
          method: 'POST',
          headers: {
            authorization: `Bearer ${key.apiKey}`,
            'content-type': 'application/json',
            'x-request-id': `many-${n}`,
          },
          body: JSON.stringify({
            model: 'instant',
            stream: true,
            messages: [{ role: 'user', content: `Number ${n}` }],
          }),
        });
        return response.text();
      }),
    );
    expect(
      texts.filter(text => text.endsWith('data: [DONE]\n\n')),
    ).toHaveLength(count);
    await eventually(async () => {
      const ids = (await plane.events())
        .filter(row => row.outcome === 'complete')
        .map(row => row.request_id);
      return new Set(ids).size === count && ids.length === count;
    });
  });

  it('keeps a gateway that is told to end no longer than it lasts, and a connection that was never used not at all', async () => {
    const own = await startTestGateway({ knex: plane.knex });
    const { port } = new URL(own.url);
    const unused = connect(Number(port), '127.0.0.1');
    await new Promise(resolve => unused.once('connect', resolve));
    const before = performance.now();
    await own.close();
    expect(performance.now() - before).toBeLessThan(3_000);
    unused.destroy();
  });
});
