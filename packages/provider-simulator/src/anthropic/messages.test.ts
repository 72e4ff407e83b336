import Anthropic, {
  AuthenticationError,
  BadRequestError,
  NotFoundError,
} from '@anthropic-ai/sdk';
import { countTokens } from 'gpt-tokenizer/encoding/o200k_base';
import { eventsOf } from '../__testUtils__/events';
import { message } from '../__testUtils__/exchange';
import { startProviderSimulator, type ProviderSimulator } from '../server';

const ask = {
  model: 'sim-instant',
  max_tokens: 500,
  messages: [
    { role: 'user' as const, content: 'Why do ledgers balance at night?' },
  ],
};
const tools = ['find_ledger', 'close_ledger'].map(name => ({
  name,
  input_schema: {
    type: 'object' as const,
    properties: { year: { type: 'integer', minimum: 2020, maximum: 2020 } },
  },
}));
const both = {
  ...ask,
  tools,
  messages: [
    { role: 'user' as const, content: 'Use find_ledger, then close_ledger.' },
  ],
};

describe('messages', () => {
  let simulator: ProviderSimulator;
  let client: Anthropic;

  beforeAll(async () => {
    simulator = await startProviderSimulator();
    client = new Anthropic({
      baseURL: simulator.url,
      apiKey: 'unused',
      maxRetries: 0,
    });
  });
  beforeEach(() => simulator.reset());
  afterAll(() => simulator.close());

  const textIn = (content: Anthropic.Message['content']) =>
    content.map(block => (block.type === 'text' ? block.text : '')).join('');

  it('answers with a text that quotes the question and counts its tokens truly', async () => {
    const { content, usage, ...rest } = await client.messages.create(ask);
    expect(textIn(content)).toContain('Why do ledgers balance at night');
    expect(rest).toMatchObject({
      id: expect.stringMatching(/^msg_/),
      type: 'message',
      role: 'assistant',
      model: 'sim-instant',
      stop_reason: 'end_turn',
      stop_sequence: null,
    });
    expect(usage.output_tokens).toBe(countTokens(textIn(content)));
    expect(simulator.stats().recent).toEqual([
      expect.objectContaining({
        id: rest.id,
        model: 'sim-instant',
        promptTokens: usage.input_tokens,
        completionTokens: usage.output_tokens,
        authorization: true,
        outcome: 'completed',
      }),
    ]);
  });

  it('streams the same message, one token a delta', async () => {
    const whole = await client.messages.create(ask);
    const stream = client.messages.stream(ask);
    let deltas = 0;
    stream.on('text', () => {
      deltas += 1;
    });
    const streamed = await stream.finalMessage();
    expect(streamed.content).toMatchObject(whole.content);
    expect(streamed.usage).toMatchObject({
      input_tokens: whole.usage.input_tokens,
      output_tokens: whole.usage.output_tokens,
    });
    expect(deltas).toBe(whole.usage.output_tokens);
  });

  it('counts as many tokens beforehand as a message is charged, and does not record that', async () => {
    const prompt = {
      model: ask.model,
      tools,
      system: [{ type: 'text' as const, text: 'Be brief.' }],
      messages: [
        {
          role: 'user' as const,
          content: [
            { type: 'text' as const, text: 'What is this?' },
            {
              type: 'image' as const,
              source: {
                type: 'base64' as const,
                media_type: 'image/png' as const,
                data: 'iVBORw0KGgo=',
              },
            },
          ],
        },
      ],
    };
    const { input_tokens: counted } = await client.messages.countTokens(prompt);
    expect(simulator.stats().requests).toBe(0);
    const { usage } = await client.messages.create({
      ...prompt,
      max_tokens: 5,
    });
    expect(usage.input_tokens).toBe(counted);
    const bare = await client.messages.countTokens({
      ...prompt,
      messages: [{ role: 'user', content: 'What is this?' }],
    });
    expect(counted - bare.input_tokens).toBe(1_334);
    const plain = await client.messages.countTokens({
      ...prompt,
      system: 'Be brief.',
    });
    expect(plain.input_tokens).toBe(counted);
  });

  it('stops at the limit, and before a stop sequence, and says so', async () => {
    const cut = await client.messages.create({ ...ask, max_tokens: 9 });
    expect(cut).toMatchObject({
      stop_reason: 'max_tokens',
      usage: { output_tokens: 9 },
    });
    const whole = textIn((await client.messages.create(ask)).content);
    for (const stream of [false, true]) {
      const request = { ...ask, stop_sequences: ['nowhere', 'ledgers'] };
      const stopped = stream
        ? await client.messages.stream(request).finalMessage()
        : await client.messages.create(request);
      expect(stopped).toMatchObject({
        stop_reason: 'stop_sequence',
        stop_sequence: 'ledgers',
      });
      expect(textIn(stopped.content)).toBe(
        whole.slice(0, whole.indexOf('ledgers')),
      );
    }
  });

  it('calls the tools that the prompt names, after a sentence, streamed and not', async () => {
    const whole = await client.messages.create(both);
    expect(whole.stop_reason).toBe('tool_use');
    expect(whole.content).toMatchObject([
      { type: 'text' },
      { type: 'tool_use', name: 'find_ledger', input: { year: 2020 } },
      { type: 'tool_use', name: 'close_ledger', input: { year: 2020 } },
    ]);
    const ids = whole.content.flatMap(block =>
      block.type === 'tool_use' ? [block.id] : [],
    );
    expect(new Set(ids).size).toBe(2);
    expect(whole.usage.output_tokens).toBe(
      countTokens(textIn(whole.content)) +
        countTokens('find_ledger') +
        countTokens('close_ledger') +
        2 * countTokens('{"year":2020}'),
    );

    const streamed = await client.messages.stream(both).finalMessage();
    expect(streamed.content).toMatchObject([
      { type: 'text' },
      { type: 'tool_use', name: 'find_ledger', input: { year: 2020 } },
      { type: 'tool_use', name: 'close_ledger', input: { year: 2020 } },
    ]);
    expect(streamed.usage.output_tokens).toBe(whole.usage.output_tokens);
  });

  it.each([
    ['auto, no tool named', { ...ask, tools }, ['text']],
    [
      'any, no tool named',
      { ...ask, tools, tool_choice: { type: 'any' as const } },
      ['find_ledger'],
    ],
    [
      'any, both named',
      { ...both, tool_choice: { type: 'any' as const } },
      ['find_ledger', 'close_ledger'],
    ],
    [
      'one named by the choice',
      {
        ...both,
        tool_choice: { type: 'tool' as const, name: 'close_ledger' },
      },
      ['close_ledger'],
    ],
    ['none', { ...both, tool_choice: { type: 'none' as const } }, ['text']],
    [
      'no parallel calls',
      {
        ...both,
        tool_choice: {
          type: 'any' as const,
          disable_parallel_tool_use: true,
        },
      },
      ['find_ledger'],
    ],
  ])('tool_choice: %s', async (_, request, wanted) => {
    const { content } = await client.messages.create(request);
    expect(
      content.map(block =>
        block.type === 'tool_use' ? block.name : block.type,
      ),
    ).toEqual(wanted);
  });

  it('makes as many calls as a header says', async () => {
    const { content } = await client.messages.create(
      { ...ask, tools, tool_choice: { type: 'any' } },
      { headers: { 'x-sim-tool-calls': '3' } },
    );
    expect(content.map(block => 'name' in block && block.name)).toEqual([
      'find_ledger',
      'close_ledger',
      'find_ledger',
    ]);
  });

  it('answers a tool result with text', async () => {
    const called = await client.messages.create(both);
    const answered = await client.messages.create({
      ...both,
      messages: [
        ...both.messages,
        { role: 'assistant', content: called.content },
        {
          role: 'user',
          content: called.content.flatMap(block =>
            block.type === 'tool_use'
              ? [
                  {
                    type: 'tool_result' as const,
                    tool_use_id: block.id,
                    content: 'find_ledger is done',
                  },
                ]
              : [],
          ),
        },
      ],
    });
    expect(answered.content.map(({ type }) => type)).toEqual(['text']);
    expect(answered.usage.input_tokens).toBeGreaterThan(
      called.usage.input_tokens,
    );
  });

  it('thinks when told to, within the budget, and takes its thoughts back only unchanged', async () => {
    const request = {
      ...ask,
      max_tokens: 4_000,
      thinking: { type: 'enabled' as const, budget_tokens: 1_024 },
    };
    const whole = await client.messages.create(request);
    const [thoughts, text] = whole.content;
    if (thoughts.type !== 'thinking' || text.type !== 'text')
      throw new Error('expected thoughts and a text');
    expect(whole.usage.output_tokens).toBe(
      countTokens(thoughts.thinking) + countTokens(text.text),
    );
    expect(simulator.stats().recent[0].reasoningTokens).toBe(
      countTokens(thoughts.thinking),
    );
    const streamed = await client.messages.stream(request).finalMessage();
    expect(streamed.content).toMatchObject(whole.content);

    const again = (block: Anthropic.ThinkingBlock) =>
      client.messages.create({
        ...request,
        messages: [
          ...ask.messages,
          { role: 'assistant', content: [block, text] },
          { role: 'user', content: 'Go on.' },
        ],
      });
    await expect(again(thoughts)).resolves.toMatchObject({ type: 'message' });
    await expect(
      again({ ...thoughts, thinking: 'Something else.' }),
    ).rejects.toThrow(/Invalid `signature` in `thinking` block/);
  });

  it('obeys the headers that set counts', async () => {
    const { usage, content } = await client.messages.create(
      {
        ...ask,
        max_tokens: 3_000,
        thinking: { type: 'enabled', budget_tokens: 2_000 },
      },
      {
        headers: {
          'x-sim-completion-tokens': '300',
          'x-sim-reasoning-tokens': '100',
          'x-sim-cached-tokens': '5',
        },
      },
    );
    expect(usage.output_tokens).toBe(300);
    expect(countTokens(textIn(content))).toBe(200);
    expect(usage.cache_read_input_tokens).toBe(5);
    expect(simulator.stats().recent[0]).toMatchObject({
      promptTokens: usage.input_tokens + 5,
      cachedTokens: 5,
    });
  });

  it('writes a marked prompt to the cache and reads it from there the next time', async () => {
    const request = (question: string) =>
      client.messages.create({
        ...ask,
        system: [
          {
            type: 'text',
            text: 'You keep the books of a small company. '.repeat(20),
            cache_control: { type: 'ephemeral' },
          },
        ],
        messages: [{ role: 'user', content: question }],
      });
    const first = (await request('What is owed?')).usage;
    const second = (await request('What is due?')).usage;
    expect(first.cache_creation_input_tokens).toBeGreaterThan(100);
    expect(first).toMatchObject({
      cache_read_input_tokens: 0,
      cache_creation: {
        ephemeral_5m_input_tokens: first.cache_creation_input_tokens,
        ephemeral_1h_input_tokens: 0,
      },
    });
    expect(second).toMatchObject({
      input_tokens: first.input_tokens,
      cache_creation_input_tokens: 0,
      cache_read_input_tokens: first.cache_creation_input_tokens,
    });
    expect(simulator.stats().recent[0]).toMatchObject({
      promptTokens:
        first.input_tokens + (first.cache_creation_input_tokens ?? 0),
      cacheWriteTokens: first.cache_creation_input_tokens,
    });
    simulator.reset();
    expect((await request('What is due?')).usage).toMatchObject({
      cache_read_input_tokens: 0,
    });
  });

  it('answers JSON that follows a schema', async () => {
    const { content } = await client.messages.create({
      ...ask,
      output_config: {
        format: {
          type: 'json_schema',
          schema: {
            type: 'object',
            properties: { ok: { type: 'boolean' } },
            required: ['ok'],
          },
        },
      },
    });
    expect(JSON.parse(textIn(content))).toEqual({ ok: true });
  });

  it('fills the cache and answers nothing where no token is allowed', async () => {
    const {
      content,
      stop_reason: reason,
      usage,
    } = await client.messages.create({
      ...ask,
      max_tokens: 0,
      cache_control: { type: 'ephemeral' },
    });
    expect({ content, reason }).toEqual({ content: [], reason: 'max_tokens' });
    expect(usage).toMatchObject({
      input_tokens: 0,
      cache_creation_input_tokens: expect.any(Number),
      output_tokens: 0,
    });
  });

  it('lists and finds models for clients that name a version, page by page', async () => {
    const ids: string[] = [];
    for await (const model of client.models.list({ limit: 3 }))
      ids.push(model.id);
    expect(ids).toEqual([
      'sim-small',
      'sim-large',
      'sim-reasoning',
      'sim-instant',
    ]);
    await expect(client.models.retrieve('sim-large')).resolves.toMatchObject({
      type: 'model',
      id: 'sim-large',
      display_name: expect.any(String),
      created_at: expect.any(String),
    });
    await expect(client.models.retrieve('gone')).rejects.toThrow(NotFoundError);
  });

  it('refuses in a shape the SDK understands, with an id to ask for', async () => {
    const refused = client.messages.create({ ...ask, messages: [] });
    await expect(refused).rejects.toThrow(BadRequestError);
    await expect(refused).rejects.toMatchObject({
      type: 'invalid_request_error',
      requestID: expect.stringMatching(/^req_/),
    });
    const { status, headers, text } = await message(simulator.url, {
      max_tokens: undefined,
    });
    expect(status).toBe(400);
    expect(JSON.parse(text)).toEqual({
      type: 'error',
      error: {
        type: 'invalid_request_error',
        message: 'max_tokens: Field required',
      },
      request_id: headers['request-id'],
    });
  });

  it('asks for a version', async () => {
    const { status, text } = await message(
      simulator.url,
      {},
      { 'anthropic-version': '' },
    );
    expect(status).toBe(400);
    expect(text).toContain('anthropic-version');
  });

  it('lets in who knows the key, by either header', async () => {
    const locked = await startProviderSimulator({ apiKey: 'right' });
    try {
      const call = (credentials: {
        apiKey?: string | null;
        authToken?: string | null;
      }) =>
        new Anthropic({
          baseURL: locked.url,
          apiKey: null,
          authToken: null,
          maxRetries: 0,
          ...credentials,
        }).messages.create(ask);
      await expect(call({ apiKey: 'right' })).resolves.toBeDefined();
      await expect(call({ authToken: 'right' })).resolves.toBeDefined();
      await expect(call({ apiKey: 'wrong' })).rejects.toThrow(
        AuthenticationError,
      );
      await expect(call({ authToken: 'wrong' })).rejects.toMatchObject({
        type: 'authentication_error',
      });
      expect(await message(locked.url, {})).toMatchObject({ status: 401 });
      expect(JSON.stringify(locked.stats())).not.toContain('right');
    } finally {
      await locked.close();
    }
  });

  it('refuses a model that is not there when told to', async () => {
    const strict = await startProviderSimulator({ unlistedModels: 'refuse' });
    try {
      const { status, text } = await message(strict.url, { model: 'gone' });
      expect(status).toBe(404);
      expect(JSON.parse(text).error).toEqual({
        type: 'not_found_error',
        message: 'model: gone',
      });
    } finally {
      await strict.close();
    }
  });

  it('keeps thoughts back when they are to be omitted, and charges them', async () => {
    const { text } = await message(simulator.url, {
      stream: true,
      thinking: { type: 'adaptive', display: 'omitted' },
    });
    const events = eventsOf(text).map(({ data }) => JSON.stringify(data));
    expect(events.some(data => data.includes('thinking_delta'))).toBe(false);
    expect(events.some(data => data.includes('signature_delta'))).toBe(true);
    expect(simulator.stats().recent[0].reasoningTokens).toBeGreaterThan(60);
  });
});
