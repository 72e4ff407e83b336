import {
  startProviderSimulator,
  type ProviderSimulator,
} from '@ai-gateway/provider-simulator';
import { TestDatabases } from '@backstage/backend-test-utils';
import { request, type IncomingHttpHeaders } from 'node:http';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { startTestGateway } from '../__testUtils__/startTestGateway';
import {
  TestControlPlane,
  type TestKey,
} from '../__testUtils__/TestControlPlane';
import type { RunningGateway } from '../app';
import { ENDPOINTS, type Endpoint } from '../endpoints';
import type * as Pipeline from '../pipeline/handleRequest';

jest.setTimeout(60_000);

/** A header of requests that come upon a bug. */
const BUG = 'x-test-bug';

jest.mock('../pipeline/handleRequest', () => {
  const { handleRequest } = jest.requireActual<typeof Pipeline>(
    '../pipeline/handleRequest',
  );
  const handle: typeof handleRequest = async (exchange, ...rest) => {
    if (exchange.req.headers[BUG]) throw new TypeError('A bug');
    return handleRequest(exchange, ...rest);
  };
  return { handleRequest: handle };
});

// Out here, so that databases are taken away after what uses them.
const databases = TestDatabases.create({ ids: ['POSTGRES_18'] });

const IDLE_MS = 300;
const HI = [{ role: 'user', content: 'Hi' }];
/** The least that each endpoint takes. */
const BODIES: Readonly<Record<Endpoint['id'], Record<string, unknown>>> = {
  'chat.completions': { messages: HI },
  completions: { prompt: 'Hi' },
  embeddings: { input: 'Hi' },
  messages: { messages: HI, max_tokens: 5 },
  count_tokens: { messages: HI },
};
/** Ways to write a path that lead to the same place. */
const FORMS: ReadonlyArray<[string, (path: string) => string]> = [
  ['as it is', path => path],
  ['with a query', path => `${path}?beta=true&x=%20#y`],
  ['in capitals', path => path.toUpperCase()],
  ['with a slash at its end', path => `${path}/`],
  ['in absolute form', path => `http://gateway.internal${path}`],
];

interface Answer {
  readonly status: number | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

describe('the ways to an endpoint', () => {
  let plane: TestControlPlane;
  let simulator: ProviderSimulator;
  let gateway: RunningGateway;
  let key: TestKey;

  beforeAll(async () => {
    plane = await TestControlPlane.create(await databases.init('POSTGRES_18'));
    simulator = await startProviderSimulator();
    await plane.addModel('house-model', {
      providerId: await plane.addProvider(`${simulator.url}/v1`),
      upstreamModel: 'sim-instant',
    });
    key = await plane.addKey();
    gateway = await startTestGateway({
      knex: plane.knex,
      settings: {
        client: {
          headersTimeoutMs: 15_000,
          requestTimeoutMs: 60_000,
          bodyIdleTimeoutMs: IDLE_MS,
          stallTimeoutMs: 60_000,
          keepAliveMs: 15_000,
        },
      },
      data: { aiGateway: { gateway: { metrics: { allowLoopback: true } } } },
    });
  });

  afterAll(async () => {
    await gateway?.close();
    await simulator?.close();
  });

  const headersFor = ({ errors }: Endpoint): Record<string, string> => ({
    host: 'gateway.internal',
    authorization: `Bearer ${key.apiKey}`,
    'content-type': 'application/json',
    'x-request-id': 'the-same-for-all',
    ...(errors === 'anthropic' && { 'anthropic-version': '2023-06-01' }),
  });
  const goodBody = ({ id }: Endpoint) =>
    JSON.stringify({ model: 'house-model', ...BODIES[id] });

  /** Asks for a target as it is, whatever it looks like. */
  const ask = (options: {
    method?: string;
    target: string;
    headers: Record<string, string>;
    body?: string;
  }) =>
    new Promise<Answer>((resolve, reject) => {
      const { method = 'POST', target, headers, body } = options;
      const req = request(
        gateway.url,
        { method, path: target, headers, agent: false },
        res => {
          let text = '';
          res.on('data', chunk => (text += chunk));
          res.on('end', () =>
            resolve({ status: res.statusCode, headers: res.headers, text }),
          );
        },
      );
      req.on('error', reject);
      req.end(body);
    });

  /** What is the same of two answers to the same. */
  const essenceOf = ({ status, headers, text }: Answer) => {
    const { date, ...rest } = headers;
    return {
      status,
      headers: rest,
      text: text
        .replace(/"(id|created)":("[^"]*"|\d+)/g, '"$1":0')
        .replace(/POST \/[^ ]*/gi, 'POST'),
    };
  };

  /** Sends what comes as it is, piece by piece, and gives back all that is answered. */
  const send = async (pieces: readonly string[], everyMs: number) => {
    const socket = connect(Number(new URL(gateway.url).port), '127.0.0.1');
    let answer = '';
    socket.on('data', chunk => (answer += chunk));
    const closed = new Promise<void>((resolve, reject) => {
      socket.on('close', () => resolve()).on('error', reject);
    });
    for (const piece of pieces) {
      socket.write(piece);
      await delay(everyMs);
    }
    await closed;
    return answer;
  };

  const headOf = (target: string, endpoint: Endpoint, length: number) =>
    [
      `POST ${target} HTTP/1.1`,
      ...Object.entries(headersFor(endpoint)).map(line => line.join(': ')),
      `content-length: ${length}`,
      'connection: close',
      '\r\n',
    ].join('\r\n');

  describe.each(ENDPOINTS)('$path', endpoint => {
    const { path, errors } = endpoint;

    it.each([
      ['that is good', {}, undefined, 200],
      ['without a key', { authorization: '' }, undefined, 401],
      ['of another type', { 'content-type': 'text/plain' }, undefined, 415],
      ['with a broken body', {}, '{"model": ', 400],
      ['for a model that is not there', {}, 'nothing', 404],
      ['with a bug on its way', { [BUG]: '1' }, undefined, 500],
    ])(
      'a request %s is answered the same, however the path is written',
      async (_, headers, body, status) => {
        const text =
          body === 'nothing'
            ? goodBody(endpoint).replace('house-model', 'no-such-model')
            : (body ?? goodBody(endpoint));
        const answers = await Promise.all(
          FORMS.map(([, write]) =>
            ask({
              target: write(path),
              headers: { ...headersFor(endpoint), ...headers },
              body: text,
            }),
          ),
        );
        for (const answer of answers) {
          expect(answer.status).toBe(status);
          expect(answer.headers['x-request-id']).toBe('the-same-for-all');
          expect(answer.headers['request-id']).toBe(
            errors === 'anthropic' ? 'the-same-for-all' : undefined,
          );
          expect(essenceOf(answer)).toEqual(essenceOf(answers[0]));
        }
      },
    );

    it.each(FORMS)(
      'other methods are refused by name where it is written %s',
      async (_, write) => {
        for (const method of ['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE']) {
          const answer = await ask({
            method,
            target: write(path),
            headers: headersFor(endpoint),
          });
          expect(answer.status).toBe(405);
          expect(answer.headers.allow).toBe('POST');
          expect(answer.text).toMatch(
            method === 'HEAD' ? /^$/ : /"code":"method_not_allowed"/,
          );
        }
      },
    );

    it('a body that stops coming is refused in its dialect, however the path is written', async () => {
      const heads = FORMS.map(([, write]) =>
        headOf(write(path), endpoint, 500),
      );
      const answers = await Promise.all(
        heads
          .flatMap(head => [[head], [`${head}{"mod`], [head, '{"mod']])
          .map(pieces => send(pieces, 50)),
      );
      for (const answer of answers) {
        expect(answer).toContain('HTTP/1.1 408 ');
        expect(JSON.parse(answer.slice(answer.indexOf('{')))).toMatchObject(
          errors === 'openai'
            ? {
                error: {
                  code: 'request_timeout',
                  type: 'invalid_request_error',
                  request_id: 'the-same-for-all',
                },
              }
            : {
                type: 'error',
                error: { code: 'request_timeout', type: 'timeout_error' },
                request_id: 'the-same-for-all',
              },
        );
      }
    });

    it('a body that comes slowly, but comes, is served', async () => {
      const body = goodBody(endpoint);
      const pieces = [0, 1, 2, 3, 4].map(n =>
        body.slice((n * body.length) / 5, ((n + 1) * body.length) / 5),
      );
      expect(pieces.join('')).toBe(body);
      const answer = await send(
        [headOf(path, endpoint, body.length), ...pieces],
        IDLE_MS / 2,
      );
      expect(answer).toContain('HTTP/1.1 200 ');
    });
  });

  it('bugs are counted as such, and leave nothing under way', async () => {
    const metrics = async () =>
      (await (await fetch(`${gateway.url}/metrics`)).text()).split('\n');
    const bugs = (lines: readonly string[]) =>
      lines
        .filter(
          line =>
            line.startsWith('aigateway_requests_total{') &&
            line.includes('status="500",code="internal_error"'),
        )
        .reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
    const before = bugs(await metrics());
    for (const [, write] of FORMS) {
      const answer = await ask({
        target: write('/v1/chat/completions'),
        headers: { ...headersFor(ENDPOINTS[0]), [BUG]: '1' },
        body: goodBody(ENDPOINTS[0]),
      });
      expect(JSON.parse(answer.text).error.code).toBe('internal_error');
    }
    const lines = await metrics();
    expect(bugs(lines)).toBe(before + FORMS.length);
    expect(lines).toContain('aigateway_requests_active 0');
  });
});
