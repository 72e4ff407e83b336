import Anthropic from '@anthropic-ai/sdk';
import { TestDatabases } from '@backstage/backend-test-utils';
import OpenAI from 'openai';
import { eventually } from './__testUtils__/eventually';
import { ON, ProvidersStage } from './__testUtils__/ProvidersStage';

jest.setTimeout(120_000);

// Out here, so that databases are taken away after what uses them.
const databases = TestDatabases.create({ ids: ['POSTGRES_18'] });

/** Faults of an upstream, and the codes by which they are told: of an answer that comes whole, and of a stream. */
const FAULTS = [
  ['html', 'upstream_invalid_response', 'upstream_invalid_response'],
  ['html-502', 'upstream_error', 'upstream_error'],
  [
    'wrong-content-type',
    'upstream_invalid_response',
    'upstream_invalid_response',
  ],
  ['endless-headers-2000', 'upstream_error', 'upstream_error'],
  ['status-401', 'upstream_auth_failed', 'upstream_auth_failed'],
  ['status-404', 'upstream_misconfigured', 'upstream_misconfigured'],
  ['status-529', 'upstream_error', 'upstream_error'],
  ['error-before-content', 'upstream_error', 'upstream_error'],
  ['malformed-sse', 'upstream_invalid_response', null],
] as const;
const KINDS = [
  ['vllm', '/v1', {}],
  ['azure-openai', '', { apiVersion: '2024-10-21' }],
  ['anthropic', '', {}],
] as const;
/** One for each client, so that what one has seen of a deployment does not keep it from the next. */
const idOf = (kind: string, fault: string, client: string) =>
  `${kind}-${fault}-${client.toLowerCase().replace(', ', '-')}`;
const CLIENT_NAMES = [
  'OpenAI, whole',
  'OpenAI, streamed',
  'Anthropic, whole',
  'Anthropic, streamed',
] as const;

describe('when a provider', () => {
  let stage: ProvidersStage;
  let openai: OpenAI;
  let anthropic: Anthropic;

  beforeAll(async () => {
    stage = await ProvidersStage.create(
      await databases.init('POSTGRES_18'),
      async ({ plane, simulator }) => {
        for (const [kind, path, settings] of KINDS) {
          const providerId = await plane.addProvider(simulator.url + path, {
            kind,
            secretRef: 'env://SIM_API_KEY',
            settings,
          });
          for (const fault of [
            ...FAULTS.map(([name]) => name),
            'absurd-usage-1',
            'absurd-usage-2',
            'absurd-usage-4',
            'no-usage',
            'cut-5',
            'no-done',
          ]) {
            for (const client of CLIENT_NAMES) {
              await plane.addModel(idOf(kind, fault, client), {
                providerId,
                upstreamModel: `sim-instant+${fault}`,
              });
            }
          }
        }
      },
    );
    const { url } = stage.gateway;
    const { apiKey } = stage.key;
    openai = new OpenAI({ baseURL: `${url}/v1`, apiKey, maxRetries: 0 });
    anthropic = new Anthropic({ baseURL: url, apiKey, maxRetries: 0 });
  });
  afterAll(() => stage?.close());

  const messages = [{ role: 'user' as const, content: 'A story, please' }];
  /** What each client gets of a model: text, or the code of an error. */
  const CLIENTS = {
    'OpenAI, whole': async (model: string) => {
      const completion = await openai.chat.completions.create({
        model,
        messages,
      });
      return completion.choices[0].message.content ?? '';
    },
    'OpenAI, streamed': async (model: string) => {
      let text = '';
      for await (const chunk of await openai.chat.completions.create({
        model,
        messages,
        stream: true,
      })) {
        text += chunk.choices[0]?.delta.content ?? '';
      }
      return text;
    },
    'Anthropic, whole': async (model: string) => {
      const { content } = await anthropic.messages.create({
        model,
        messages,
        max_tokens: 500,
      });
      return content[0].type === 'text' ? content[0].text : '';
    },
    'Anthropic, streamed': async (model: string) => {
      const stream = anthropic.messages.stream({
        model,
        messages,
        max_tokens: 500,
      });
      return stream.finalText();
    },
  } as const;
  const bookedOf = (model: string) =>
    eventually(async () =>
      (await stage.plane.events()).find(row => row.model_id === model),
    );
  const outcome = async (promise: Promise<string>) =>
    promise.then(
      text => ({ text, code: null, all: text }),
      (error: unknown) => ({
        text: null,
        code: codeOf(error),
        all: JSON.stringify(error) + String(error),
      }),
    );

  describe.each(KINDS.map(([kind]) => kind))('of kind %s', kind => {
    it.each(FAULTS)(
      'has the fault %s, it harms its own request only, and tells nothing that it should not',
      async (fault, whole, streamed) => {
        for (const [client, ask] of Object.entries(CLIENTS)) {
          const { code, all } = await outcome(ask(idOf(kind, fault, client)));
          const expected = client.endsWith('whole') ? whole : streamed;
          expect([client, expected === null ? null : code]).toEqual([
            client,
            expected,
          ]);
          expect(all).not.toMatch(/sim-secret|127\.0\.0\.1|<html|Bearer/);
        }
        const { text } = await outcome(CLIENTS['OpenAI, streamed'](ON.openai));
        expect(text).toMatch(/\w/);
      },
    );

    it.each(['absurd-usage-1', 'absurd-usage-2', 'absurd-usage-4', 'no-usage'])(
      'tells a usage that cannot be or none (%s), an estimate is billed',
      async fault => {
        for (const [client, ask] of Object.entries(CLIENTS)) {
          const model = idOf(kind, fault, client);
          const { text, all } = await outcome(ask(model));
          expect([client, text ?? all]).toEqual([
            client,
            expect.stringMatching(/\w/),
          ]);
          const row = await bookedOf(model);
          expect([client, row.outcome, row.usage_source]).toEqual([
            client,
            'complete',
            'estimated',
          ]);
          // Below a dollar: nobody has said a hundred million tokens that are believed.
          expect(Number(row.cost_nano_usd)).toBeLessThan(1_000_000_000);
        }
      },
    );

    it('breaks its stream off, no client takes it for whole', async () => {
      for (const client of [
        'OpenAI, streamed',
        'Anthropic, streamed',
      ] as const) {
        const { code, all } = await outcome(
          CLIENTS[client](idOf(kind, 'cut-5', client)),
        );
        expect([client, code, all]).toEqual([
          client,
          'upstream_cut_off',
          expect.any(String),
        ]);
      }
    });

    it('leaves out the event that ends a stream, its client gets one', async () => {
      for (const client of [
        'OpenAI, streamed',
        'Anthropic, streamed',
      ] as const) {
        const { text } = await outcome(
          CLIENTS[client](idOf(kind, 'no-done', client)),
        );
        expect([client, text]).toEqual([client, expect.stringMatching(/\w/)]);
      }
    });
  });
});

/** The code of a refusal, in whichever SDK's error it comes. */
function codeOf(error: unknown): string | null {
  const found = /"code":"([a-z_]+)"/.exec(
    JSON.stringify(error) + String(error instanceof Error && error.message),
  );
  return found ? found[1] : String(error);
}
