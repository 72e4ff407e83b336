import { TestDatabases } from '@backstage/backend-test-utils';
import { randomUUID } from 'node:crypto';
import { createServer as createHttpServer, type Server } from 'node:http';
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

/** Dollars a million tokens, and nano-dollars a request: all different, so that none can be taken for another. */
const PRICE = {
  input: 1,
  cachedInput: 2,
  cacheWrite: 3,
  output: 5,
  reasoning: 7,
  audio: 11,
  image: 13,
};
const PER_REQUEST = 17;

const NOTHING = {
  input: 0,
  cachedInput: 0,
  cacheWrite: 0,
  output: 0,
  reasoning: 0,
  audio: 0,
  image: 0,
};
type Tokens = typeof NOTHING;

interface Case {
  /** What the upstream reports, in the order in which it does. A whole answer has the last. */
  readonly reports: readonly unknown[];
  readonly source: 'reported' | 'estimated';
  /** `null`: whatever the estimate is. */
  readonly tokens: Partial<Tokens> | null;
}

const CASES: Readonly<Record<string, Case>> = {
  once: {
    reports: [{ prompt_tokens: 10, completion_tokens: 4 }],
    source: 'reported',
    tokens: { input: 10, output: 4 },
  },
  'with-every-chunk': {
    reports: [
      { prompt_tokens: 10, completion_tokens: 1 },
      { prompt_tokens: 10, completion_tokens: 2 },
      { prompt_tokens: 10, completion_tokens: 3 },
    ],
    source: 'reported',
    tokens: { input: 10, output: 3 },
  },
  twice: {
    reports: [
      { prompt_tokens: 10, completion_tokens: 4 },
      { prompt_tokens: 10, completion_tokens: 4 },
    ],
    source: 'reported',
    tokens: { input: 10, output: 4 },
  },
  zero: {
    reports: [{ prompt_tokens: 0, completion_tokens: 0 }],
    source: 'reported',
    tokens: {},
  },
  absent: { reports: [], source: 'estimated', tokens: null },
  'null-only': { reports: [null], source: 'estimated', tokens: null },
  impossible: {
    reports: [{ prompt_tokens: -1, completion_tokens: 4 }],
    source: 'estimated',
    tokens: null,
  },
  'every-class': {
    reports: [
      {
        prompt_tokens: 100,
        completion_tokens: 60,
        prompt_tokens_details: {
          cached_tokens: 20,
          audio_tokens: 10,
          image_tokens: 5,
        },
        completion_tokens_details: { reasoning_tokens: 30, audio_tokens: 12 },
      },
    ],
    source: 'reported',
    tokens: {
      input: 65,
      cachedInput: 20,
      audio: 22,
      image: 5,
      output: 18,
      reasoning: 30,
    },
  },
};

const COLUMNS: Readonly<Record<keyof Tokens, string>> = {
  input: 'input_tokens',
  cachedInput: 'cached_input_tokens',
  cacheWrite: 'cache_write_tokens',
  output: 'output_tokens',
  reasoning: 'reasoning_tokens',
  audio: 'audio_tokens',
  image: 'image_tokens',
};
const CLASSES = [
  'input',
  'cachedInput',
  'cacheWrite',
  'output',
  'reasoning',
  'audio',
  'image',
] as const;

function costOf(tokens: Tokens): number {
  return CLASSES.reduce(
    (sum, name) => sum + tokens[name] * PRICE[name] * 1_000,
    PER_REQUEST,
  );
}

describe('usage', () => {
  let plane: TestControlPlane;
  let upstream: Server;
  let gateway: RunningGateway;
  let key: TestKey;

  beforeAll(async () => {
    plane = await TestControlPlane.create(await databases.init('POSTGRES_18'));
    // Answers as the case says that the model is named for.
    upstream = createHttpServer((req, res) => {
      let body = '';
      req.on('data', chunk => (body += chunk));
      req.on('end', () => {
        const { model, stream } = JSON.parse(body);
        const { reports } = CASES[model];
        if (!stream) {
          res.writeHead(200, { 'content-type': 'application/json' });
          res.end(
            JSON.stringify({
              choices: [
                {
                  index: 0,
                  message: { role: 'assistant', content: 'Hello there' },
                  finish_reason: 'stop',
                },
              ],
              ...(reports.length > 0 && { usage: reports.at(-1) }),
            }),
          );
          return;
        }
        res.writeHead(200, { 'content-type': 'text/event-stream' });
        const chunk = (delta: object, more: object = {}) =>
          res.write(
            `data: ${JSON.stringify({ choices: [{ index: 0, delta, finish_reason: null }], ...more })}\n\n`,
          );
        chunk({ content: 'Hello ' });
        for (const usage of reports) chunk({ content: 'there' }, { usage });
        res.end(
          'data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n',
        );
      });
    });
    await new Promise<void>(resolve =>
      upstream.listen(0, '127.0.0.1', resolve),
    );
    const { port } = upstream.address() as AddressInfo;
    const providerId = await plane.addProvider(`http://127.0.0.1:${port}/v1`);
    for (const id of Object.keys(CASES)) {
      const { deploymentId } = await plane.addModel(id, {
        providerId,
        upstreamModel: id,
        price: null,
      });
      const amount = (dollars: number) => String(dollars * 1e9);
      await plane.change(tx =>
        tx('prices').insert({
          id: randomUUID(),
          deployment_id: deploymentId,
          effective_from: new Date('2026-01-01T00:00:00Z'),
          input_nano_usd_per_million: amount(PRICE.input),
          cached_input_nano_usd_per_million: amount(PRICE.cachedInput),
          cache_write_nano_usd_per_million: amount(PRICE.cacheWrite),
          output_nano_usd_per_million: amount(PRICE.output),
          reasoning_nano_usd_per_million: amount(PRICE.reasoning),
          audio_nano_usd_per_million: amount(PRICE.audio),
          image_nano_usd_per_million: amount(PRICE.image),
          request_nano_usd: String(PER_REQUEST),
          created_by: 'user:default/test',
        }),
      );
    }
    key = await plane.addKey();
    gateway = await startTestGateway({ knex: plane.knex });
  });
  afterAll(async () => {
    await gateway?.close();
    upstream?.closeAllConnections();
    upstream?.close();
  });

  const each = Object.keys(CASES).flatMap(name =>
    [true, false].map(stream => [name, stream] as const),
  );

  it.each(each)(
    'that an upstream reports %s is told apart and priced by its classes (streamed: %s)',
    async (name, stream) => {
      const id = `${name}-${stream}`;
      const response = await fetch(`${gateway.url}/v1/chat/completions`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${key.apiKey}`,
          'content-type': 'application/json',
          'x-request-id': id,
        },
        body: JSON.stringify({
          model: name,
          stream,
          messages: [{ role: 'user', content: 'Hi' }],
        }),
      });
      expect(response.status).toBe(200);
      await response.text();
      const row = await eventually(() =>
        plane.knex('usage_events').where({ request_id: id }).first(),
      );
      const { source, tokens } = CASES[name];
      const billed = Object.fromEntries(
        CLASSES.map(one => [one, Number(row[COLUMNS[one]])]),
      ) as Tokens;
      expect(row.outcome).toBe('complete');
      expect(row.usage_source).toBe(source);
      // An estimate is of text that goes in and text that comes out, whatever it comes to.
      const expected = tokens ?? { input: billed.input, output: billed.output };
      expect(billed).toEqual({ ...NOTHING, ...expected });
      expect(billed.input + billed.output > 0).toBe(name !== 'zero');
      expect(row.cost_nano_usd).toBe(String(costOf(billed)));
    },
  );
});
