import { countTokens } from 'gpt-tokenizer/encoding/o200k_base';
import OpenAI, {
  AuthenticationError,
  BadRequestError,
  NotFoundError,
} from 'openai';
import { startProviderSimulator, type ProviderSimulator } from '../server';
import { chat, contentOf, dataLines } from '../__testUtils__/exchange';

const messages = [
  { role: 'system' as const, content: 'Be brief.' },
  { role: 'user' as const, content: 'Why do ledgers balance at night?' },
];
/** As the cookbook counts: 3 per message, the role and the content, 3 for the reply. */
const PROMPT_TOKENS = messages.reduce(
  (sum, { role, content }) =>
    sum + 3 + countTokens(role) + countTokens(content),
  3,
);

describe('chat completions', () => {
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
  beforeEach(() => simulator.resetStats());
  afterAll(() => simulator.close());

  it('answers with a text that quotes the question and tokens that are counted truly', async () => {
    const completion = await client.chat.completions.create({
      model: 'sim-instant',
      messages,
    });
    const { message, finish_reason: reason } = completion.choices[0];
    expect(message.content).toContain('Why do ledgers balance at night');
    expect(reason).toBe('stop');
    const completionTokens = countTokens(message.content ?? '');
    expect(completion.usage).toMatchObject({
      prompt_tokens: PROMPT_TOKENS,
      completion_tokens: completionTokens,
      total_tokens: PROMPT_TOKENS + completionTokens,
      prompt_tokens_details: { cached_tokens: 0 },
      completion_tokens_details: { reasoning_tokens: 0 },
    });
  });

  it('streams the same text, one token a chunk, and the same usage', async () => {
    const whole = await client.chat.completions.create({
      model: 'sim-instant',
      messages,
    });
    const stream = await client.chat.completions.create({
      model: 'sim-instant',
      messages,
      stream: true,
      stream_options: { include_usage: true },
    });
    const chunks: OpenAI.ChatCompletionChunk[] = [];
    for await (const chunk of stream) chunks.push(chunk);

    expect(
      chunks.map(chunk => chunk.choices[0]?.delta.content ?? '').join(''),
    ).toBe(whole.choices[0].message.content);
    // The role, the tokens, the finish reason, the usage.
    expect(chunks).toHaveLength(
      1 + (whole.usage?.completion_tokens ?? 0) + 1 + 1,
    );
    const last = chunks[chunks.length - 1];
    expect(last).toMatchObject({ choices: [], usage: whole.usage });
    for (const chunk of chunks.slice(0, -1)) expect(chunk.usage).toBeNull();
    expect(chunks[chunks.length - 2].choices[0]).toMatchObject({
      delta: {},
      finish_reason: 'stop',
    });
  });

  it('says nothing of usage in a stream that did not ask, and ends it with [DONE]', async () => {
    const { text, headers } = await chat(simulator.url, { stream: true });
    expect(headers['content-type']).toMatch(/^text\/event-stream/);
    expect(text).not.toContain('usage');
    expect(text.endsWith('data: [DONE]\n\n')).toBe(true);
  });

  it('stops at the limit and says so', async () => {
    for (const limit of [{ max_tokens: 9 }, { max_completion_tokens: 9 }]) {
      const { choices, usage } = await client.chat.completions.create({
        model: 'sim-instant',
        messages,
        ...limit,
      });
      expect(choices[0].finish_reason).toBe('length');
      expect(usage?.completion_tokens).toBe(9);
      expect(countTokens(choices[0].message.content ?? '')).toBe(9);
    }
  });

  it('gives several choices and sums their tokens', async () => {
    const { choices, usage } = await client.chat.completions.create({
      model: 'sim-instant',
      messages,
      n: 3,
    });
    expect(new Set(choices.map(choice => choice.message.content)).size).toBe(3);
    expect(usage?.completion_tokens).toBe(
      choices.reduce(
        (sum, choice) => sum + countTokens(choice.message.content ?? ''),
        0,
      ),
    );

    const streamed = ['', '', ''];
    const stream = await client.chat.completions.create({
      model: 'sim-instant',
      messages,
      n: 3,
      stream: true,
    });
    for await (const { choices: parts } of stream) {
      for (const part of parts)
        streamed[part.index] += part.delta.content ?? '';
    }
    expect(streamed).toEqual(choices.map(choice => choice.message.content));
  });

  it('lets the seed change the answer, repeatably', async () => {
    const ask = async (seed: number) =>
      (
        await client.chat.completions.create({
          model: 'sim-instant',
          messages,
          seed,
        })
      ).choices[0].message.content;
    const first = await ask(1);
    expect(await ask(1)).toBe(first);
    expect(await ask(2)).not.toBe(first);
  });

  it('calls the tool that is demanded, streamed and not', async () => {
    const request = {
      model: 'sim-instant',
      messages,
      tools: [
        {
          type: 'function' as const,
          function: {
            name: 'find_ledger',
            parameters: {
              type: 'object',
              properties: {
                year: { type: 'integer', minimum: 2020, maximum: 2020 },
              },
            },
          },
        },
      ],
      tool_choice: 'required' as const,
    };
    const whole = await client.chat.completions.create(request);
    expect(whole.choices[0]).toMatchObject({
      finish_reason: 'tool_calls',
      message: {
        content: null,
        tool_calls: [
          { function: { name: 'find_ledger', arguments: '{"year":2020}' } },
        ],
      },
    });
    expect(whole.usage?.completion_tokens).toBe(
      countTokens('find_ledger') + countTokens('{"year":2020}'),
    );

    const streamed = await client.chat.completions
      .stream(request)
      .finalChatCompletion();
    expect(streamed.choices[0]).toMatchObject({
      finish_reason: 'tool_calls',
      message: {
        tool_calls: [
          { function: { name: 'find_ledger', arguments: '{"year":2020}' } },
        ],
      },
    });
  });

  it('answers JSON when JSON is asked', async () => {
    const { choices } = await client.chat.completions.create({
      model: 'sim-instant',
      messages,
      response_format: { type: 'json_object' },
    });
    expect(JSON.parse(choices[0].message.content ?? '')).toMatchObject({
      answer: expect.any(String),
    });
  });

  it('reasons where the model does, and counts that within the limit', async () => {
    const ask = (more: object) =>
      client.chat.completions.create(
        { model: 'sim-reasoning', messages, ...more },
        {
          headers: {
            'x-sim-first-token-ms': '0',
            'x-sim-tokens-per-second': '0',
          },
        },
      );
    const free = await ask({});
    const reasoning =
      free.usage?.completion_tokens_details?.reasoning_tokens ?? 0;
    expect(reasoning).toBeGreaterThanOrEqual(64);
    expect(free.usage?.completion_tokens).toBe(
      reasoning + countTokens(free.choices[0].message.content ?? ''),
    );

    const limited = await ask({ max_completion_tokens: 20 });
    expect(limited.choices[0]).toMatchObject({
      finish_reason: 'length',
      message: { content: '' },
    });
    expect(limited.usage).toMatchObject({
      completion_tokens: 20,
      completion_tokens_details: { reasoning_tokens: 20 },
    });
  });

  it('obeys the headers that set counts', async () => {
    const completion = await client.chat.completions.create(
      { model: 'sim-instant', messages },
      {
        headers: {
          'x-sim-completion-tokens': '300',
          'x-sim-reasoning-tokens': '100',
          'x-sim-cached-tokens': '5',
        },
      },
    );
    expect(countTokens(completion.choices[0].message.content ?? '')).toBe(200);
    expect(completion.usage).toMatchObject({
      completion_tokens: 300,
      prompt_tokens_details: { cached_tokens: 5 },
      completion_tokens_details: { reasoning_tokens: 100 },
    });
  });

  it('never reports more cached tokens than the prompt has', async () => {
    const { text } = await chat(
      simulator.url,
      {},
      { 'x-sim-cached-tokens': '100000' },
    );
    const { usage } = JSON.parse(text);
    expect(usage.prompt_tokens_details.cached_tokens).toBe(usage.prompt_tokens);
  });

  it('puts several tokens in a chunk when told to, and loses none', async () => {
    const one = await chat(simulator.url, { stream: true });
    const four = await chat(
      simulator.url,
      { stream: true },
      { 'x-sim-tokens-per-chunk': '4' },
    );
    expect(contentOf(four.text)).toBe(contentOf(one.text));
    const overhead = 3;
    expect(dataLines(four.text).length).toBe(
      Math.ceil((dataLines(one.text).length - overhead) / 4) + overhead,
    );
  });

  it('refuses what makes no sense in a shape the SDK understands', async () => {
    await expect(
      client.chat.completions.create({ model: 'sim-instant', messages: [] }),
    ).rejects.toMatchObject({
      constructor: BadRequestError,
      param: 'messages',
      type: 'invalid_request_error',
    });
    expect(
      await chat(simulator.url, {}, { 'x-sim-cached-tokens': 'some' }),
    ).toMatchObject({ status: 400 });
    expect(
      await chat(simulator.url, {}, { 'x-sim-fault': 'explode' }),
    ).toMatchObject({ status: 400 });
  });

  it('refuses a body that is not JSON', async () => {
    const response = await fetch(`${simulator.url}/v1/chat/completions`, {
      method: 'POST',
      body: '{"model":',
    });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({
      error: { message: expect.stringContaining('parse the JSON body') },
    });
  });

  it('answers a model that is not listed, unless told to refuse it', async () => {
    expect(await chat(simulator.url, { model: 'gpt-4o' })).toMatchObject({
      status: 200,
    });

    const strict = await startProviderSimulator({ unlistedModels: 'refuse' });
    try {
      const strictClient = new OpenAI({
        baseURL: `${strict.url}/v1`,
        apiKey: 'unused',
        maxRetries: 0,
      });
      await expect(
        strictClient.chat.completions.create({ model: 'gpt-4o', messages }),
      ).rejects.toThrow(NotFoundError);
      expect(
        await chat(strict.url, { model: 'sim-instant+no-usage' }),
      ).toMatchObject({ status: 200 });
      expect(
        await chat(strict.url, { model: 'fault-status-503' }),
      ).toMatchObject({ status: 503 });
    } finally {
      await strict.close();
    }
  });

  it('lets in only who knows the key, if there is one', async () => {
    const locked = await startProviderSimulator({ apiKey: 'right' });
    try {
      const call = (apiKey: string) =>
        new OpenAI({
          baseURL: `${locked.url}/v1`,
          apiKey,
          maxRetries: 0,
        }).chat.completions.create({
          model: 'sim-instant',
          messages,
        });
      await expect(call('wrong')).rejects.toMatchObject({
        constructor: AuthenticationError,
        code: 'invalid_api_key',
      });
      await expect(call('right')).resolves.toMatchObject({
        object: 'chat.completion',
      });
      expect(await chat(locked.url, {})).toMatchObject({ status: 401 });
      expect(
        locked
          .stats()
          .recent.map(({ status, authorization }) => [status, authorization]),
      ).toEqual([
        [401, true],
        [200, true],
        [401, false],
      ]);
      expect(JSON.stringify(locked.stats())).not.toContain('right');
    } finally {
      await locked.close();
    }
  });

  it('records each request so that a ledger can be compared with it', async () => {
    const { headers, text } = await chat(
      simulator.url,
      { stream: true, stream_options: { include_usage: true } },
      { 'x-sim-completion-tokens': '12', 'x-sim-cached-tokens': '2' },
    );
    await chat(simulator.url, { model: 'other', max_tokens: 0 });
    await chat(
      simulator.url,
      { model: 'other' },
      { 'x-sim-completion-tokens': '8' },
    );

    const { usage } = JSON.parse(dataLines(text).slice(-2)[0]);
    const stats = simulator.stats();
    expect(stats).toMatchObject({
      requests: 3,
      inFlight: 0,
      outcomes: { completed: 2, refused: 1, aborted: 0, failed: 0 },
      streams: { started: 1, completed: 1, aborted: 0, failed: 0 },
      tokens: { completion: 20 },
      byModel: {
        'sim-instant': { requests: 1, completionTokens: 12 },
        other: { requests: 1, completionTokens: 8 },
      },
    });
    expect(stats.recent[0]).toEqual({
      id: headers['x-request-id'],
      model: 'sim-instant',
      stream: true,
      includeUsage: true,
      promptTokens: usage.prompt_tokens,
      cachedTokens: 2,
      completionTokens: 12,
      reasoningTokens: 0,
      fault: null,
      status: 200,
      outcome: 'completed',
      authorization: false,
    });
  });
});
