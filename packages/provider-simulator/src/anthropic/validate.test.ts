import { parseCountTokensRequest, parseMessagesRequest } from './validate';

const user = { role: 'user', content: 'Hello' };
const good = { model: 'sim-small', max_tokens: 100, messages: [user] };
const tool = { name: 'find', input_schema: { type: 'object' } };
const call = { type: 'tool_use', id: 'toolu_1', name: 'find', input: {} };
const result = { type: 'tool_result', tool_use_id: 'toolu_1', content: 'x' };
const marked = {
  type: 'text',
  text: 'x',
  cache_control: { type: 'ephemeral' },
};

describe('parseMessagesRequest', () => {
  it.each([
    ['text', good],
    ['a system prompt', { ...good, system: 'Be brief.' }],
    ['system blocks', { ...good, system: [marked] }],
    [
      'tools of the type custom',
      { ...good, tools: [{ ...tool, type: 'custom' }] },
    ],
    [
      'a call and its result',
      {
        ...good,
        messages: [
          user,
          { role: 'assistant', content: [call] },
          { role: 'user', content: [result, { type: 'text', text: 'Now?' }] },
        ],
      },
    ],
    [
      'the beginning of the answer',
      { ...good, messages: [user, { role: 'assistant', content: 'It is' }] },
    ],
  ])('accepts %s', (_, body) => {
    expect(parseMessagesRequest(body, '2023-06-01')).toMatchObject({
      ok: true,
    });
  });

  it.each([
    [[], 'Input should be a valid dictionary'],
    [{ ...good, model: undefined }, 'model: Field required'],
    [{ ...good, model: 7 }, 'model: Input should be a valid string'],
    [{ ...good, max_tokens: undefined }, 'max_tokens: Field required'],
    [
      { ...good, max_tokens: -1 },
      'max_tokens: Input should be greater than or equal to 0',
    ],
    [
      { ...good, max_tokens: 1.5 },
      'max_tokens: Input should be a valid integer',
    ],
    [{ ...good, messages: [] }, 'messages: at least one message is required'],
    [{ ...good, messages: 'x' }, 'messages: Input should be a valid list'],
    [
      { ...good, messages: [{ role: 'user' }] },
      'messages.0.content: Field required',
    ],
    [{ ...good, stream: 'yes' }, 'stream: Input should be a valid boolean'],
    [
      { ...good, temperature: 2 },
      'temperature: Input should be less than or equal to 1',
    ],
    [
      { ...good, frequency_penalty: 1 },
      'frequency_penalty: Extra inputs are not permitted',
    ],
    [
      { ...good, messages: [{ role: 'system', content: 'x' }, user] },
      'messages: Unexpected role "system". The Messages API accepts a top-level `system` parameter, not "system" as an input message role.',
    ],
    [
      { ...good, messages: [user, { role: 'tool', content: 'x' }] },
      'messages: Unexpected role "tool". Allowed roles are "user" or "assistant".',
    ],
    [
      {
        ...good,
        messages: [{ role: 'user', content: [{ type: 'image_url' }] }],
      },
      "messages.0.content.0: Input tag 'image_url' found using 'type' does not match any of the expected tags: " +
        "'document', 'image', 'redacted_thinking', 'text', 'thinking', 'tool_result', 'tool_use'",
    ],
    [
      { ...good, messages: [{ role: 'user', content: [{ text: 'x' }] }] },
      'messages.0.content.0.type: Field required',
    ],
    [
      { ...good, messages: [{ role: 'user', content: [{ type: 'text' }] }] },
      'messages.0.content.0.text.text: Field required',
    ],
    [
      { ...good, messages: [{ role: 'user', content: '' }] },
      'messages.0: all messages must have non-empty content except for the optional final assistant message',
    ],
    [
      {
        ...good,
        messages: [{ role: 'user', content: [{ type: 'text', text: '' }] }],
      },
      'messages: text content blocks must be non-empty',
    ],
    [
      { ...good, messages: [user, { role: 'assistant', content: 'It is ' }] },
      'messages: final assistant content cannot end with trailing whitespace',
    ],
    [
      {
        ...good,
        messages: [user, { role: 'assistant', content: [call] }, user],
      },
      'messages.1: `tool_use` ids were found without `tool_result` blocks immediately after: toolu_1. Each `tool_use` block must have a corresponding `tool_result` block in the next message.',
    ],
    [
      { ...good, messages: [{ role: 'user', content: [result] }] },
      'messages.0.content.0: unexpected `tool_use_id` found in `tool_result` blocks: toolu_1. Each `tool_result` block must have a corresponding `tool_use` block in the previous message.',
    ],
    [
      { ...good, tools: [{ ...tool, name: 'no spaces' }] },
      "tools.0.custom.name: String should match pattern '^[a-zA-Z0-9_-]{1,128}$'",
    ],
    [
      { ...good, tools: [{ name: 'find' }] },
      'tools.0.custom.input_schema: Field required',
    ],
    [{ ...good, tools: [tool, tool] }, 'tools: Tool names must be unique.'],
    [
      { ...good, tool_choice: { type: 'auto' } },
      'tool_choice: may only be specified while providing `tools`.',
    ],
    [
      { ...good, tools: [tool], tool_choice: { type: 'tool', name: 'lose' } },
      "tool_choice: Tool 'lose' not found in provided tools",
    ],
    [
      { ...good, thinking: { type: 'enabled', budget_tokens: 5 } },
      'thinking.enabled.budget_tokens: Input should be greater than or equal to 1024',
    ],
    [
      { ...good, thinking: { type: 'enabled', budget_tokens: 2_000 } },
      '`max_tokens` must be greater than `thinking.budget_tokens`. Please consult our documentation at https://docs.claude.com/en/docs/build-with-claude/extended-thinking#max-tokens-and-context-window-size',
    ],
    [
      {
        ...good,
        tools: [tool],
        tool_choice: { type: 'any' },
        thinking: { type: 'adaptive' },
      },
      'Thinking may not be enabled when tool_choice forces tool use.',
    ],
    [
      { ...good, stop_sequences: [' '] },
      'stop_sequences: each stop sequence must contain non-whitespace',
    ],
    [
      { ...good, system: [marked, marked, marked, marked, marked] },
      'A maximum of 4 blocks with cache_control may be provided. Found 5.',
    ],
  ])('refuses %j', (body, message) => {
    expect(parseMessagesRequest(body, '2023-06-01')).toEqual({
      ok: false,
      message,
    });
  });
});

describe('version 2026-10-21', () => {
  const document = {
    type: 'document',
    source: { type: 'text', media_type: 'text/plain', data: 'x' },
  };
  it.each([
    [
      { ...good, temperature: 1 },
      'temperature: Extra inputs are not permitted',
    ],
    [{ ...good, top_p: 1 }, 'top_p: Extra inputs are not permitted'],
    [{ ...good, top_k: 5 }, 'top_k: Extra inputs are not permitted'],
    [
      { ...good, messages: [user, { role: 'assistant', content: [document] }] },
      'messages.1.content.0: `document` blocks are not permitted in `assistant` messages',
    ],
    [
      {
        ...good,
        messages: [
          {
            role: 'user',
            content: [{ type: 'text', text: 'x', citations: [{}] }],
          },
        ],
      },
      'messages.0.content.0.text.citations: Citations are not permitted in `user` messages',
    ],
  ])('refuses %j, which the version before accepts', (body, message) => {
    expect(parseMessagesRequest(body, '2026-10-21')).toEqual({
      ok: false,
      message,
    });
    expect(parseMessagesRequest(body, '2023-06-01')).toMatchObject({
      ok: true,
    });
  });
});

describe('parseCountTokensRequest', () => {
  it('needs no limit, and allows none', () => {
    const { max_tokens: _, ...prompt } = good;
    expect(parseCountTokensRequest(prompt, '2023-06-01')).toMatchObject({
      ok: true,
    });
    expect(parseCountTokensRequest(good, '2023-06-01')).toEqual({
      ok: false,
      message: 'max_tokens: Extra inputs are not permitted',
    });
  });
});
