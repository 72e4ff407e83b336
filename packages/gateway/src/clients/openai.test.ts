import { TestDatabases } from '@backstage/backend-test-utils';
import OpenAI from 'openai';
import {
  MODELS,
  ON,
  PNG,
  ProvidersStage,
} from '../__testUtils__/ProvidersStage';

jest.setTimeout(60_000);

// Out here, so that databases are taken away after what uses them.
const databases = TestDatabases.create({ ids: ['POSTGRES_18'] });

const weatherTool = (name: string): OpenAI.ChatCompletionTool => ({
  type: 'function',
  function: {
    name,
    description: 'Tells the weather',
    parameters: {
      type: 'object',
      properties: { city: { type: 'string' }, days: { type: 'integer' } },
      required: ['city', 'days'],
    },
  },
});
const TOOLS = [weatherTool('get_weather'), weatherTool('get_forecast')];
const CALL_BOTH: OpenAI.ChatCompletionMessageParam = {
  role: 'user',
  content: 'Use get_weather and get_forecast for Oslo.',
};

describe("OpenAI's SDK", () => {
  let stage: ProvidersStage;
  let client: OpenAI;

  beforeAll(async () => {
    stage = await ProvidersStage.create(await databases.init('POSTGRES_18'));
    client = new OpenAI({
      baseURL: `${stage.gateway.url}/v1`,
      apiKey: stage.key.apiKey,
      maxRetries: 0,
    });
  });
  afterAll(() => stage?.close());

  describe.each(MODELS)('with a model %s', model => {
    it('gets an answer, whose usage is what is billed', async () => {
      const { data, request_id: id } = await client.chat.completions
        .create({
          model,
          messages: [
            { role: 'system', content: 'You are brief.' },
            { role: 'user', content: 'Why is the sky blue?' },
          ],
          max_completion_tokens: 200,
          temperature: 0.5,
          stop: ['\u0007'],
        })
        .withResponse();
      const [choice] = data.choices;
      expect(choice.message.content).toMatch(/\w/);
      expect(choice).toMatchObject({
        index: 0,
        finish_reason: 'stop',
        message: { role: 'assistant' },
      });
      const row = await stage.booked(String(id));
      expect(row).toMatchObject({
        outcome: 'complete',
        usage_source: 'reported',
        endpoint: 'chat.completions',
        input_tokens: String(data.usage?.prompt_tokens),
        output_tokens: String(data.usage?.completion_tokens),
      });
      expect(Number(row.output_tokens)).toBeGreaterThan(0);
    });

    it('gets a stream that is whole, with its usage if it asks for it', async () => {
      for (const include of [true, false]) {
        const stream = client.chat.completions.stream({
          model,
          messages: [{ role: 'user', content: 'Why is the sky blue?' }],
          ...(include && { stream_options: { include_usage: true } }),
        });
        let text = '';
        stream.on('content', delta => (text += delta));
        const final = await stream.finalChatCompletion();
        expect(final.choices[0].message.content).toBe(text);
        expect(final.choices[0].finish_reason).toBe('stop');
        expect(text).toMatch(/\w/);
        expect(final.usage ? 'told' : 'not told').toBe(
          include ? 'told' : 'not told',
        );
      }
    });

    it.each([false, true])(
      'calls tools, several at once, and takes their results (streamed: %s)',
      async streamed => {
        const params = { model, messages: [CALL_BOTH], tools: TOOLS };
        const completion = streamed
          ? await client.chat.completions.stream(params).finalChatCompletion()
          : await client.chat.completions.create(params);
        const { message, finish_reason: reason } = completion.choices[0];
        const calls = (message.tool_calls ?? []).flatMap(call =>
          call.type === 'function' ? [call] : [],
        );
        expect(reason).toBe('tool_calls');
        expect(calls.map(call => call.function.name)).toEqual([
          'get_weather',
          'get_forecast',
        ]);
        expect(new Set(calls.map(({ id }) => id)).size).toBe(2);
        for (const call of calls) {
          expect(JSON.parse(call.function.arguments)).toMatchObject({
            city: expect.any(String),
            days: expect.any(Number),
          });
        }
        const answer = await client.chat.completions.create({
          model,
          tools: TOOLS,
          messages: [
            CALL_BOTH,
            {
              role: 'assistant',
              content: message.content,
              tool_calls: calls,
            },
            ...calls.map(({ id }) => ({
              role: 'tool' as const,
              tool_call_id: id,
              content: 'Sunny',
            })),
          ],
        });
        expect(answer.choices[0].message.content).toMatch(/\w/);
      },
    );

    it('has a picture looked at', async () => {
      const content: OpenAI.ChatCompletionContentPart[] = [
        { type: 'text', text: 'What is this?' },
        {
          type: 'image_url',
          image_url: { url: `data:image/png;base64,${PNG}` },
        },
      ];
      const bare = await client.chat.completions.create({
        model,
        messages: [{ role: 'user', content: [content[0]] }],
      });
      const seen = await client.chat.completions.create({
        model,
        messages: [{ role: 'user', content }],
      });
      expect(seen.usage?.prompt_tokens).toBeGreaterThan(
        Number(bare.usage?.prompt_tokens) + 50,
      );
    });

    it('holds an answer to a schema', async () => {
      const completion = await client.chat.completions.create({
        model,
        messages: [{ role: 'user', content: 'Name a city' }],
        response_format: {
          type: 'json_schema',
          json_schema: {
            name: 'city',
            strict: true,
            schema: {
              type: 'object',
              properties: { name: { type: 'string' } },
              required: ['name'],
              additionalProperties: false,
            },
          },
        },
      });
      expect(
        JSON.parse(completion.choices[0].message.content ?? ''),
      ).toMatchObject({ name: expect.any(String) });
    });

    it('learns what is wrong with a request in the words of its provider', async () => {
      const error = await client.chat.completions
        .create({
          model,
          messages: [{ role: 'user', content: 'Hi' }],
          tool_choice: {
            type: 'function',
            function: { name: 'not_there' },
          },
          tools: TOOLS,
        })
        .catch((caught: unknown) => caught);
      expect(error).toBeInstanceOf(OpenAI.BadRequestError);
      expect(error).toMatchObject({
        code: 'upstream_rejected',
        message: expect.stringMatching(/not_there|tool/),
      });
    });
  });

  it.each([ON.openai, ON.azure, ON.azureV1])(
    'gets vectors and completions from a model %s',
    async model => {
      const vectors = await client.embeddings
        .create({ model, input: ['one', 'two'] })
        .withResponse();
      expect(vectors.data.data).toHaveLength(2);
      expect(vectors.data.data[0].embedding.length).toBeGreaterThan(100);
      expect(await stage.booked(String(vectors.request_id))).toMatchObject({
        endpoint: 'embeddings',
        usage_source: 'reported',
        input_tokens: String(vectors.data.usage.prompt_tokens),
        output_tokens: '0',
      });

      const prompt = 'Once upon a time';
      const whole = await client.completions.create({ model, prompt });
      expect(whole.choices[0].text).toMatch(/\w/);
      let text = '';
      for await (const chunk of await client.completions.create({
        model,
        prompt,
        stream: true,
      })) {
        text += chunk.choices[0]?.text ?? '';
      }
      expect(text).toMatch(/\w/);
    },
  );

  it('is told what a provider has nothing like, by name', async () => {
    const failure = async (promise: Promise<unknown>) =>
      promise.catch((error: unknown) => error);
    const messages = [{ role: 'user' as const, content: 'Hi' }];
    const on = { model: ON.anthropic, messages };
    expect(
      await failure(
        client.embeddings.create({ model: ON.anthropic, input: 'x' }),
      ),
    ).toMatchObject({ status: 400, code: 'unsupported_endpoint' });
    for (const [more, param] of [
      [{ n: 2 }, 'n'],
      [{ logprobs: true }, 'logprobs'],
      [{ seed: 1 }, 'seed'],
      [{ frequency_penalty: 1 }, 'frequency_penalty'],
      [{ logit_bias: { 5: 1 } }, 'logit_bias'],
      [
        { response_format: { type: 'json_object' as const } },
        'response_format',
      ],
      [{ brand_new: true }, 'brand_new'],
    ] as const) {
      expect(
        await failure(client.chat.completions.create({ ...on, ...more })),
      ).toMatchObject({ status: 400, code: 'unsupported_parameter', param });
    }
    // To a provider that may know it, it goes as it came.
    const passed = { ...on, model: ON.openai, brand_new: true };
    await expect(client.chat.completions.create(passed)).resolves.toBeDefined();
  });

  it('raises its own errors', async () => {
    const wrong = new OpenAI({
      baseURL: `${stage.gateway.url}/v1`,
      apiKey: 'sk-wrong',
      maxRetries: 0,
    });
    const messages = [{ role: 'user' as const, content: 'Hi' }];
    await expect(
      wrong.chat.completions.create({ model: ON.openai, messages }),
    ).rejects.toBeInstanceOf(OpenAI.AuthenticationError);
    await expect(
      client.chat.completions.create({ model: 'nope', messages }),
    ).rejects.toBeInstanceOf(OpenAI.NotFoundError);
  });
});
