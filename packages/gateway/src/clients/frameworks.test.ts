import { createAnthropic } from '@ai-sdk/anthropic';
import { createOpenAI } from '@ai-sdk/openai';
import { TestDatabases } from '@backstage/backend-test-utils';
import { HumanMessage, SystemMessage } from '@langchain/core/messages';
import { tool as langChainTool } from '@langchain/core/tools';
import { ChatOpenAI, OpenAIEmbeddings } from '@langchain/openai';
import { APICallError, generateText, stepCountIs, streamText, tool } from 'ai';
import { z } from 'zod';
import {
  MODELS,
  ON,
  PNG,
  ProvidersStage,
} from '../__testUtils__/ProvidersStage';

jest.setTimeout(60_000);

// Out here, so that databases are taken away after what uses them.
const databases = TestDatabases.create({ ids: ['POSTGRES_18'] });

// Of models whose name it does not know.
Object.assign(globalThis, { AI_SDK_LOG_WARNINGS: false });

const city = z.object({ city: z.string() });

describe('frameworks', () => {
  let stage: ProvidersStage;

  beforeAll(async () => {
    stage = await ProvidersStage.create(await databases.init('POSTGRES_18'));
  });
  afterAll(() => stage?.close());

  describe.each([
    [
      '@ai-sdk/openai',
      (model: string, apiKey = stage.key.apiKey) =>
        createOpenAI({ baseURL: `${stage.gateway.url}/v1`, apiKey }).chat(
          model,
        ),
    ],
    [
      '@ai-sdk/anthropic',
      (model: string, apiKey = stage.key.apiKey) =>
        createAnthropic({ baseURL: `${stage.gateway.url}/v1`, apiKey })(model),
    ],
  ])("Vercel's AI SDK with %s", (_, modelOf) => {
    describe.each(MODELS)('with a model %s', id => {
      const common = () => ({ model: modelOf(id), maxRetries: 0 });

      it('generates text, about a picture too', async () => {
        const { text, usage, finishReason } = await generateText({
          ...common(),
          maxOutputTokens: 300,
          system: 'You are brief.',
          messages: [
            {
              role: 'user',
              content: [
                { type: 'text', text: 'What is this?' },
                { type: 'image', image: PNG, mediaType: 'image/png' },
              ],
            },
          ],
        });
        expect(text).toMatch(/\w/);
        expect(finishReason).toBe('stop');
        expect(usage.inputTokens).toBeGreaterThan(50);
        expect(usage.outputTokens).toBeGreaterThan(0);
      });

      it('streams text', async () => {
        const result = streamText({
          ...common(),
          prompt: 'Why is the sky blue?',
        });
        let text = '';
        for await (const delta of result.textStream) text += delta;
        expect(text).toMatch(/\w/);
        expect(await result.finishReason).toBe('stop');
        expect((await result.usage).outputTokens).toBeGreaterThan(0);
      });

      it('runs tools and goes on with what they gave', async () => {
        const asked: string[] = [];
        const toolOf = (name: string) =>
          tool({
            description: 'Tells the weather',
            inputSchema: city,
            execute: async () => {
              asked.push(name);
              return 'Sunny';
            },
          });
        const result = streamText({
          ...common(),
          prompt: 'Use get_weather and get_forecast for Oslo.',
          tools: {
            get_weather: toolOf('get_weather'),
            get_forecast: toolOf('get_forecast'),
          },
          stopWhen: stepCountIs(2),
        });
        expect(await result.text).toMatch(/\w/);
        expect(asked.sort()).toEqual(['get_forecast', 'get_weather']);
        expect(await result.steps).toHaveLength(2);
      });
    });

    it('raises its own error', async () => {
      const failed = generateText({
        model: modelOf(ON.openai, 'wrong'),
        prompt: 'Hi',
        maxRetries: 0,
      });
      const error = await failed.catch((caught: unknown) => caught);
      expect(APICallError.isInstance(error)).toBe(true);
      expect(error).toMatchObject({
        statusCode: 401,
        isRetryable: false,
        message: expect.stringContaining('is not an API key of this gateway'),
      });
    });
  });

  describe('LangChain', () => {
    const chatOf = (model: string, apiKey = stage.key.apiKey) =>
      new ChatOpenAI({
        model,
        apiKey,
        maxRetries: 0,
        configuration: { baseURL: `${stage.gateway.url}/v1` },
      });

    describe.each(MODELS)('with a model %s', model => {
      it('invokes and streams', async () => {
        const messages = [
          new SystemMessage('You are brief.'),
          new HumanMessage({
            content: [
              { type: 'text', text: 'What is this?' },
              {
                type: 'image_url',
                image_url: { url: `data:image/png;base64,${PNG}` },
              },
            ],
          }),
        ];
        const answer = await chatOf(model).invoke(messages);
        expect(answer.text).toMatch(/\w/);
        expect(answer.usage_metadata?.output_tokens).toBeGreaterThan(0);
        let text = '';
        for await (const chunk of await chatOf(model).stream(messages)) {
          text += chunk.text;
        }
        expect(text).toMatch(/\w/);
      });

      it('calls tools', async () => {
        const toolOf = (name: string) =>
          langChainTool(async () => 'Sunny', {
            name,
            description: 'Tells the weather',
            schema: city,
          });
        const answer = await chatOf(model)
          .bindTools([toolOf('get_weather'), toolOf('get_forecast')])
          .invoke('Use get_weather and get_forecast for Oslo.');
        expect(answer.tool_calls?.map(({ name }) => name)).toEqual([
          'get_weather',
          'get_forecast',
        ]);
      });
    });

    it('embeds', async () => {
      const embeddings = new OpenAIEmbeddings({
        model: ON.openai,
        apiKey: stage.key.apiKey,
        configuration: { baseURL: `${stage.gateway.url}/v1` },
      });
      expect(await embeddings.embedDocuments(['one', 'two'])).toHaveLength(2);
    });

    it('raises its own error', async () => {
      await expect(
        chatOf(ON.openai, 'wrong').invoke('Hi'),
      ).rejects.toMatchObject({ status: 401 });
    });
  });
});
