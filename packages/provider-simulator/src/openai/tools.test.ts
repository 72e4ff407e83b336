import OpenAI from 'openai';
import { zodResponseFormat } from 'openai/helpers/zod';
import { countTokens } from 'gpt-tokenizer/encoding/o200k_base';
import { z } from 'zod';
import { dataLines, chat } from '../__testUtils__/exchange';
import { startProviderSimulator, type ProviderSimulator } from '../server';

const tools = ['find_ledger', 'close_ledger'].map(name => ({
  type: 'function' as const,
  function: {
    name,
    parameters: {
      type: 'object',
      properties: { year: { type: 'integer', minimum: 2020, maximum: 2020 } },
    },
  },
}));
const both = {
  model: 'sim-instant',
  messages: [
    { role: 'user' as const, content: 'Use find_ledger, then close_ledger.' },
  ],
  tools,
};
const plain = {
  ...both,
  messages: [{ role: 'user' as const, content: 'Why do ledgers balance?' }],
};

describe('tools, structured output and log probabilities', () => {
  let simulator: ProviderSimulator;
  let client: OpenAI;

  beforeAll(async () => {
    simulator = await startProviderSimulator();
    client = new OpenAI({
      baseURL: `${simulator.url}/v1`,
      apiKey: 'unused',
      maxRetries: 0,
    });
  });
  afterAll(() => simulator.close());

  it('calls in parallel what the prompt names, streamed and not', async () => {
    const whole = await client.chat.completions.create(both);
    const { message, finish_reason: reason } = whole.choices[0];
    expect(reason).toBe('tool_calls');
    expect(message.content).toBeNull();
    expect(message.tool_calls).toMatchObject([
      { function: { name: 'find_ledger', arguments: '{"year":2020}' } },
      { function: { name: 'close_ledger', arguments: '{"year":2020}' } },
    ]);
    expect(new Set(message.tool_calls?.map(({ id }) => id)).size).toBe(2);
    expect(whole.usage?.completion_tokens).toBe(
      countTokens('find_ledger') +
        countTokens('close_ledger') +
        2 * countTokens('{"year":2020}'),
    );

    const streamed = await client.chat.completions
      .stream({ ...both, stream_options: { include_usage: true } })
      .finalChatCompletion();
    expect(streamed.choices[0].message.tool_calls).toMatchObject([
      { function: { name: 'find_ledger', arguments: '{"year":2020}' } },
      { function: { name: 'close_ledger', arguments: '{"year":2020}' } },
    ]);
    expect(streamed.usage?.completion_tokens).toBe(
      whole.usage?.completion_tokens,
    );
  });

  it.each([
    ['auto, none named', plain, undefined],
    ['none', { ...both, tool_choice: 'none' as const }, undefined],
    [
      'required, none named',
      { ...plain, tool_choice: 'required' as const },
      ['find_ledger'],
    ],
    ['one at a time', { ...both, parallel_tool_calls: false }, ['find_ledger']],
    [
      'the result of a call',
      {
        ...both,
        messages: [
          ...both.messages,
          {
            role: 'assistant' as const,
            content: null,
            tool_calls: [
              {
                id: 'c',
                type: 'function' as const,
                function: { name: 'find_ledger', arguments: '{}' },
              },
            ],
          },
          { role: 'tool' as const, tool_call_id: 'c', content: 'found' },
        ],
      },
      undefined,
    ],
  ])('decides whether to call: %s', async (_, request, wanted) => {
    const { choices } = await client.chat.completions.create(request);
    expect(
      choices[0].message.tool_calls?.map(
        call => call.type === 'function' && call.function.name,
      ),
    ).toEqual(wanted);
  });

  it('follows a schema that the SDK checks', async () => {
    const schema = z.object({
      title: z.string(),
      lines: z.array(
        z.object({ account: z.string(), amount: z.number().min(-9).max(-3) }),
      ),
      kind: z.enum(['invoice', 'receipt']),
      note: z.string().nullable(),
      date: z.iso.date(),
    });
    const { choices } = await client.chat.completions.parse({
      model: 'sim-instant',
      messages: plain.messages,
      response_format: zodResponseFormat(schema, 'document'),
    });
    expect(schema.parse(choices[0].message.parsed)).toMatchObject({
      kind: 'invoice',
    });
  });

  it('tells log probabilities of every token, streamed and not', async () => {
    const request = {
      model: 'sim-instant',
      messages: [{ role: 'user' as const, content: 'Schreib über 🙂 Ärger' }],
      logprobs: true,
      top_logprobs: 3,
    };
    const whole = await client.chat.completions.create(request);
    const content = whole.choices[0].logprobs?.content ?? [];
    expect(content).toHaveLength(whole.usage?.completion_tokens ?? 0);
    const bytes = content.flatMap(token => token.bytes ?? []);
    expect(Buffer.from(bytes).toString()).toBe(
      whole.choices[0].message.content,
    );
    for (const { token, logprob, top_logprobs: top } of content) {
      expect(logprob).toBeLessThan(0);
      expect(top[0]).toMatchObject({ token, logprob });
      expect(new Set(top.map(other => other.token)).size).toBe(3);
      // Probabilities of one place cannot sum to more than 1.
      expect(
        top.reduce((sum, other) => sum + Math.exp(other.logprob), 0),
      ).toBeLessThan(1);
    }
    const stream = await client.chat.completions.create({
      ...request,
      stream: true,
    });
    const streamed: unknown[] = [];
    for await (const chunk of stream)
      streamed.push(...(chunk.choices[0].logprobs?.content ?? []));
    expect(streamed).toEqual(content);
    await expect(
      client.chat.completions.create({ ...request, logprobs: false }),
    ).rejects.toMatchObject({ param: 'top_logprobs' });
  });

  it('streams the choices of one request in turn', async () => {
    const { text } = await chat(simulator.url, { n: 3, stream: true });
    const indices = dataLines(text)
      .slice(0, 30)
      .map(line => JSON.parse(line).choices[0].index);
    expect(indices).toEqual(Array.from({ length: 30 }, (_, at) => at % 3));
  });

  it('counts a picture without looking at it', async () => {
    const ask = async (
      content: OpenAI.ChatCompletionUserMessageParam['content'],
    ) =>
      (
        await client.chat.completions.create({
          model: 'sim-instant',
          messages: [{ role: 'user', content }],
        })
      ).usage?.prompt_tokens ?? 0;
    const text = { type: 'text' as const, text: 'What is this?' };
    const image = {
      type: 'image_url' as const,
      image_url: { url: 'data:image/png;base64,iVBORw0KGgo=' },
    };
    expect((await ask([text, image, image])) - (await ask([text]))).toBe(170);
  });
});
