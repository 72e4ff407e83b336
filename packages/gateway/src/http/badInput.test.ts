import { TestDatabases } from '@backstage/backend-test-utils';
import { connect } from 'node:net';
import { ON, ProvidersStage } from '../__testUtils__/ProvidersStage';
import { ENDPOINTS, type Endpoint } from '../endpoints';

jest.setTimeout(60_000);

// Out here, so that databases are taken away after what uses them.
const databases = TestDatabases.create({ ids: ['POSTGRES_18'] });

const HI = [{ role: 'user', content: 'Hi' }];
/** The least that each endpoint takes. */
const BODIES: Readonly<Record<Endpoint['id'], Record<string, unknown>>> = {
  'chat.completions': { messages: HI },
  completions: { prompt: 'Hi' },
  embeddings: { input: 'Hi' },
  messages: { messages: HI, max_tokens: 5 },
  count_tokens: { messages: HI },
};
const DEEP = `${'['.repeat(600)}${']'.repeat(600)}`;

describe('bad input', () => {
  let stage: ProvidersStage;

  beforeAll(async () => {
    stage = await ProvidersStage.create(await databases.init('POSTGRES_18'));
  });
  afterAll(() => stage?.close());

  async function call(
    path: string,
    options: {
      method?: string;
      body?: string;
      headers?: Record<string, string>;
    },
  ) {
    const method = options.method ?? 'POST';
    const response = await fetch(stage.gateway.url + path, {
      method,
      headers: {
        authorization: `Bearer ${stage.key.apiKey}`,
        'content-type': 'application/json',
        ...options.headers,
      },
      ...(method === 'POST' && { body: options.body }),
    });
    return { response, body: await response.json() };
  }

  describe.each(ENDPOINTS)('at $path', endpoint => {
    const { id, path, errors } = endpoint;
    const good = { model: ON.openai, ...BODIES[id] };
    const type = (openai: string, anthropic: string) =>
      errors === 'openai' ? openai : anthropic;
    const invalid = type('invalid_request_error', 'invalid_request_error');

    /** The whole of a refusal in the client's words, and nothing more. */
    const shaped = (
      body: Record<string, unknown>,
      requestId: string | null,
      error: object,
    ) => {
      const { error: told, ...rest } = body;
      expect(rest).toEqual(
        errors === 'openai' ? {} : { type: 'error', request_id: requestId },
      );
      expect(told).toEqual({
        param: null,
        message: expect.stringMatching(/\.$/),
        ...(errors === 'openai' && { request_id: requestId }),
        ...error,
      });
    };

    it.each([
      ['malformed', '{"model": ', 'invalid_json', null],
      ['cut off', JSON.stringify(good).slice(0, -1), 'invalid_json', null],
      ['no object', '[]', 'body_not_an_object', null],
      ['empty', '', 'invalid_json', null],
      ['deep', `{"x":${DEEP}}`, 'body_too_deep', null],
      [
        'of doubled names',
        '{"model":"a","model":"b"}',
        'duplicate_parameter',
        'model',
      ],
      ['without a model', '{}', 'missing_parameter', 'model'],
      ['of a wrong type', '{"model":5}', 'invalid_type', 'model'],
      [
        'of many parameters',
        JSON.stringify(
          Object.fromEntries(
            Array.from({ length: 1_001 }, (_, n) => [`p${n}`, n]),
          ),
        ),
        'too_many_parameters',
        null,
      ],
    ])('a body that is %s is refused', async (_, text, code, param) => {
      const { response, body } = await call(path, { body: text });
      expect(response.status).toBe(400);
      shaped(body, response.headers.get('x-request-id'), {
        type: invalid,
        code,
        param,
      });
    });

    it('a member of a wrong type is refused by name', async () => {
      for (const [name, value] of Object.entries(BODIES[id])) {
        const wrong = typeof value === 'number' ? 'x' : 5;
        const { response, body } = await call(path, {
          body: JSON.stringify({ ...good, [name]: wrong }),
        });
        expect(response.status).toBe(400);
        expect(body.error).toMatchObject({ code: 'invalid_type', param: name });
        const { [name]: __, ...without } = good as Record<string, unknown>;
        const missing = await call(path, { body: JSON.stringify(without) });
        expect(missing.body.error).toMatchObject({
          code: 'missing_parameter',
          param: name,
        });
      }
    });

    it('other content types, encodings, methods, keys and models are refused in the same words', async () => {
      const text = JSON.stringify(good);
      for (const [options, status, code, kind] of [
        [
          { headers: { 'content-type': 'text/plain' } },
          415,
          'unsupported_media_type',
          invalid,
        ],
        [
          { headers: { 'content-encoding': 'gzip' } },
          415,
          'unsupported_content_encoding',
          invalid,
        ],
        [{ method: 'GET' }, 405, 'method_not_allowed', invalid],
        [
          { headers: { authorization: 'Bearer nope' } },
          401,
          'malformed_api_key',
          'authentication_error',
        ],
        [
          { body: text.replace(ON.openai, 'nope') },
          404,
          'model_not_found',
          type('invalid_request_error', 'not_found_error'),
        ],
      ] as const) {
        const { response, body } = await call(path, { body: text, ...options });
        expect(response.status).toBe(status);
        shaped(body, response.headers.get('x-request-id'), {
          type: kind,
          code,
          ...(code === 'model_not_found' && { param: 'model' }),
        });
      }
    });

    it('a body that is too large is a 413, and one that is half sent harms nobody', async () => {
      const { response, body } = await call(path, {
        body: ' '.repeat(21_000_000),
      });
      expect(response.status).toBe(413);
      expect(body.error).toMatchObject({
        code: 'request_too_large',
        type: type('invalid_request_error', 'request_too_large'),
      });
      const socket = connect(
        Number(new URL(stage.gateway.url).port),
        '127.0.0.1',
      );
      await new Promise(resolve => socket.once('connect', resolve));
      socket.write(
        `POST ${path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${stage.key.apiKey}\r\ncontent-type: application/json\r\ncontent-length: 500\r\n\r\n{"mod`,
      );
      socket.destroy();
      const next = await call(path, { body: JSON.stringify(good) });
      expect(next.response.status).toBe(200);
    });

    it('parameters that nobody here knows go to the provider', async () => {
      const { response } = await call(path, {
        body: JSON.stringify({
          ...good,
          model: errors === 'anthropic' ? ON.anthropic : ON.openai,
          ...(errors === 'openai' && { brand_new: { a: [1] } }),
        }),
      });
      expect(response.status).toBe(200);
    });
  });

  it('what there is nothing of is told in the words of whoever asks', async () => {
    const plain = await call('/v1/nothing', { body: '{}' });
    expect(plain.body.error).toMatchObject({
      code: 'unknown_endpoint',
      type: 'invalid_request_error',
    });
    const asAnthropic = await call('/v1/nothing', {
      body: '{}',
      headers: { 'anthropic-version': '2023-06-01' },
    });
    expect(asAnthropic.body).toMatchObject({
      type: 'error',
      error: { type: 'not_found_error', code: 'unknown_endpoint' },
    });
  });

  it.each([
    ['anthropic-version', 'yesterday'],
    ['anthropic-beta', 'a b\u00e9'],
  ])(
    'a header %s that makes no sense is refused by name',
    async (name, value) => {
      const { response, body } = await call('/v1/messages', {
        headers: { [name]: value },
        body: JSON.stringify({ model: ON.anthropic, ...BODIES.messages }),
      });
      expect(response.status).toBe(400);
      expect(body.error).toMatchObject({
        code: 'invalid_parameter',
        param: name,
      });
    },
  );
});
