import Anthropic from '@anthropic-ai/sdk';
import { TestDatabases } from '@backstage/backend-test-utils';
import {
  MODELS,
  ON,
  PNG,
  ProvidersStage,
} from '../__testUtils__/ProvidersStage';

jest.setTimeout(60_000);

// Out here, so that databases are taken away after what uses them.
const databases = TestDatabases.create({ ids: ['POSTGRES_18'] });

const tool = (name: string): Anthropic.Tool => ({
  name,
  description: 'Tells the weather',
  input_schema: {
    type: 'object',
    properties: { city: { type: 'string' }, days: { type: 'integer' } },
    required: ['city', 'days'],
  },
});
const TOOLS = [tool('get_weather'), tool('get_forecast')];
const CALL_BOTH: Anthropic.MessageParam = {
  role: 'user',
  content: 'Use get_weather and get_forecast for Oslo.',
};
const HI: Anthropic.MessageParam = { role: 'user', content: 'Hi' };

describe("Anthropic's SDK", () => {
  let stage: ProvidersStage;
  let client: Anthropic;

  beforeAll(async () => {
    stage = await ProvidersStage.create(await databases.init('POSTGRES_18'));
    client = new Anthropic({
      baseURL: stage.gateway.url,
      apiKey: stage.key.apiKey,
      maxRetries: 0,
    });
  });
  afterAll(() => stage?.close());

  const textOf = ({ content }: Anthropic.Message) =>
    content.map(block => (block.type === 'text' ? block.text : '')).join('');

  describe.each(MODELS)('with a model %s', model => {
    it('gets an answer, whose usage is what is billed', async () => {
      const { data, request_id: id } = await client.messages
        .create({
          model,
          max_tokens: 300,
          system: 'You are brief.',
          messages: [{ role: 'user', content: 'Why is the sky blue?' }],
          stop_sequences: ['\u0007x'],
        })
        .withResponse();
      expect(textOf(data)).toMatch(/\w/);
      expect(data).toMatchObject({
        type: 'message',
        role: 'assistant',
        stop_reason: 'end_turn',
      });
      expect(await stage.booked(String(id))).toMatchObject({
        outcome: 'complete',
        usage_source: 'reported',
        endpoint: 'messages',
        input_tokens: String(data.usage.input_tokens),
        output_tokens: String(data.usage.output_tokens),
      });
    });

    it('gets a stream that is whole', async () => {
      const stream = client.messages.stream({
        model,
        max_tokens: 300,
        messages: [{ role: 'user', content: 'Why is the sky blue?' }],
      });
      let text = '';
      stream.on('text', delta => (text += delta));
      const message = await stream.finalMessage();
      expect(textOf(message)).toBe(text);
      expect(text).toMatch(/\w/);
      expect(message.stop_reason).toBe('end_turn');
      const row = await stage.booked(String(stream.request_id));
      expect(row).toMatchObject({
        outcome: 'complete',
        usage_source: 'reported',
        input_tokens: String(message.usage.input_tokens),
        output_tokens: String(message.usage.output_tokens),
      });
    });

    it.each([false, true])(
      'calls tools, several at once, and gives their results back (streamed: %s)',
      async streamed => {
        const params = {
          model,
          max_tokens: 500,
          messages: [CALL_BOTH],
          tools: TOOLS,
        };
        const message = streamed
          ? await client.messages.stream(params).finalMessage()
          : await client.messages.create(params);
        expect(message.stop_reason).toBe('tool_use');
        const calls = message.content.flatMap(block =>
          block.type === 'tool_use' ? [block] : [],
        );
        expect(calls.map(({ name }) => name)).toEqual([
          'get_weather',
          'get_forecast',
        ]);
        for (const { input } of calls) {
          expect(input).toMatchObject({
            city: expect.any(String),
            days: expect.any(Number),
          });
        }
        const answer = await client.messages.create({
          ...params,
          messages: [
            CALL_BOTH,
            {
              role: 'assistant',
              content: message.content.flatMap(
                (block): Anthropic.ContentBlockParam[] =>
                  block.type === 'text' || block.type === 'tool_use'
                    ? [block]
                    : [],
              ),
            },
            {
              role: 'user',
              content: calls.map(({ id }) => ({
                type: 'tool_result' as const,
                tool_use_id: id,
                content: 'Sunny',
              })),
            },
          ],
        });
        expect(textOf(answer)).toMatch(/\w/);
      },
    );

    it('has a picture looked at', async () => {
      const ask = async (content: Anthropic.ContentBlockParam[]) =>
        client.messages.create({
          model,
          max_tokens: 100,
          messages: [{ role: 'user', content }],
        });
      const text = { type: 'text' as const, text: 'What is this?' };
      const bare = await ask([text]);
      const seen = await ask([
        text,
        {
          type: 'image',
          source: { type: 'base64', media_type: 'image/png', data: PNG },
        },
      ]);
      expect(seen.usage.input_tokens).toBeGreaterThan(
        bare.usage.input_tokens + 50,
      );
    });

    it('has its tokens counted, for nothing', async () => {
      const {
        data,
        response,
        request_id: id,
      } = await client.messages
        .countTokens({ model, messages: [HI], system: 'You are brief.' })
        .withResponse();
      expect(data.input_tokens).toBeGreaterThan(2);
      expect(response.headers.get('x-token-count')).toBe(
        model === ON.anthropic ? null : 'estimated',
      );
      expect(await stage.booked(String(id))).toMatchObject({
        endpoint: 'count_tokens',
        usage_source: 'none',
        input_tokens: '0',
        cost_nano_usd: '0',
      });
    });

    it('learns what is wrong with a request in the words of its provider', async () => {
      const error = await client.messages
        .create({
          model,
          max_tokens: 10,
          messages: [HI],
          tools: TOOLS,
          tool_choice: { type: 'tool', name: 'not_there' },
        })
        .catch((caught: unknown) => caught);
      expect(error).toBeInstanceOf(Anthropic.BadRequestError);
      expect(error).toMatchObject({
        error: {
          type: 'error',
          error: {
            type: 'invalid_request_error',
            code: 'upstream_rejected',
            message: expect.stringMatching(/not_there|tool/),
          },
        },
      });
    });
  });

  it('lists the models that its key may call', async () => {
    const ids: string[] = [];
    for await (const { id, type } of client.models.list()) {
      expect(type).toBe('model');
      ids.push(id);
    }
    expect(ids).toEqual([...MODELS].sort());
    expect(await client.models.retrieve(ON.openai)).toMatchObject({
      id: ON.openai,
      display_name: ON.openai,
    });
  });

  it('is billed by class for what is written to a cache and read from it', async () => {
    const system: Anthropic.TextBlockParam[] = [
      {
        type: 'text',
        text: 'A long text to be remembered. '.repeat(50),
        cache_control: { type: 'ephemeral' },
      },
    ];
    const ask = async (streamed: boolean) => {
      const params = {
        model: ON.anthropic,
        max_tokens: 50,
        system,
        messages: [HI],
      };
      if (!streamed) {
        const { data, request_id: id } = await client.messages
          .create(params)
          .withResponse();
        return { usage: data.usage, id };
      }
      const stream = client.messages.stream(params);
      const { usage } = await stream.finalMessage();
      return { usage, id: stream.request_id };
    };
    const first = await ask(false);
    const then = await ask(true);
    expect(first.usage.cache_creation_input_tokens).toBeGreaterThan(100);
    expect(then.usage.cache_read_input_tokens).toBe(
      first.usage.cache_creation_input_tokens,
    );
    expect(await stage.booked(String(first.id))).toMatchObject({
      cache_write_tokens: String(first.usage.cache_creation_input_tokens),
      cached_input_tokens: '0',
      input_tokens: String(first.usage.input_tokens),
    });
    expect(await stage.booked(String(then.id))).toMatchObject({
      cached_input_tokens: String(then.usage.cache_read_input_tokens),
      cache_write_tokens: '0',
      input_tokens: String(then.usage.input_tokens),
    });
  });

  it('gets thinking with the signature that the provider wants back', async () => {
    const message = await client.messages.create({
      model: ON.anthropic,
      max_tokens: 2_048,
      thinking: { type: 'enabled', budget_tokens: 1_024 },
      messages: [HI],
    });
    const [thought] = message.content;
    expect(thought).toMatchObject({
      type: 'thinking',
      signature: expect.stringMatching(/./),
    });
    await expect(
      client.messages.create({
        model: ON.anthropic,
        max_tokens: 2_048,
        thinking: { type: 'enabled', budget_tokens: 1_024 },
        messages: [
          HI,
          { role: 'assistant', content: message.content },
          { role: 'user', content: 'And?' },
        ],
      }),
    ).resolves.toBeDefined();
  });

  it('is told what a provider has nothing like, by name', async () => {
    const base = { model: ON.openai, max_tokens: 10, messages: [HI] };
    for (const [more, param] of [
      [{ top_k: 3 }, 'top_k'],
      [
        { tools: [{ type: 'web_search_20250305', name: 'web_search' }] },
        'tools[0].type',
      ],
      [{ brand_new: true }, 'brand_new'],
      [{ messages: [HI, { role: 'assistant', content: 'So' }] }, 'messages[1]'],
    ] as const) {
      const params = { ...base, ...more } as typeof base;
      const error = await client.messages
        .create(params)
        .catch((caught: unknown) => caught);
      expect(error).toMatchObject({
        status: 400,
        error: {
          error: {
            type: 'invalid_request_error',
            code: 'unsupported_parameter',
            param,
          },
        },
      });
    }
  });

  it('raises its own errors, and takes a bearer token for a key', async () => {
    const asWhom = (apiKey: string) =>
      new Anthropic({ baseURL: stage.gateway.url, apiKey, maxRetries: 0 });
    const params = { model: ON.openai, max_tokens: 10, messages: [HI] };
    await expect(
      asWhom('sk-ant-wrong').messages.create(params),
    ).rejects.toBeInstanceOf(Anthropic.AuthenticationError);
    await expect(
      client.messages.create({ ...params, model: 'nope' }),
    ).rejects.toBeInstanceOf(Anthropic.NotFoundError);
    const bearer = new Anthropic({
      baseURL: stage.gateway.url,
      apiKey: null,
      authToken: stage.key.apiKey,
      maxRetries: 0,
    });
    await expect(bearer.messages.create(params)).resolves.toBeDefined();
  });
});
