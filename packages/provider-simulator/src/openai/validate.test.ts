import { parseChatRequest } from './validate';

const good = {
  model: 'sim-small',
  messages: [{ role: 'user', content: 'Hello' }],
};
const tool = {
  type: 'function',
  function: { name: 'find', parameters: { type: 'object' } },
};

describe('parseChatRequest', () => {
  it.each([
    ['text', good],
    [
      'content parts',
      {
        ...good,
        messages: [
          { role: 'user', content: [{ type: 'text', text: 'Hello' }] },
        ],
      },
    ],
    [
      'nulls for what is not set',
      { ...good, stream: null, stop: null, max_tokens: null, tools: null },
    ],
    [
      'fields not known here',
      { ...good, reasoning_effort: 'low', metadata: { a: 'b' } },
    ],
    [
      'tool calls and their results',
      {
        ...good,
        messages: [
          ...good.messages,
          {
            role: 'assistant',
            content: null,
            tool_calls: [
              { id: 'c', function: { name: 'find', arguments: '{}' } },
            ],
          },
          { role: 'tool', tool_call_id: 'c', content: 'found' },
        ],
      },
    ],
    [
      'a named tool',
      {
        ...good,
        tools: [tool],
        tool_choice: { type: 'function', function: { name: 'find' } },
      },
    ],
  ])('accepts %s', (_, body) => {
    expect(parseChatRequest(body)).toMatchObject({ ok: true });
  });

  it.each([
    [{ messages: good.messages }, 'model', 'missing_required_parameter'],
    [{ ...good, model: 7 }, 'model', 'invalid_type'],
    [{ model: 'm' }, 'messages', 'missing_required_parameter'],
    [{ ...good, messages: [] }, 'messages', 'invalid_value'],
    [
      { ...good, messages: [{ content: 'x' }] },
      'messages[0].role',
      'invalid_value',
    ],
    [
      { ...good, messages: [{ role: 'user' }] },
      'messages[0].content',
      'missing_required_parameter',
    ],
    [
      { ...good, messages: [{ role: 'user', content: 5 }] },
      'messages[0].content',
      'invalid_type',
    ],
    [{ ...good, stream: 'yes' }, 'stream', 'invalid_type'],
    [{ ...good, max_tokens: 0 }, 'max_tokens', 'invalid_value'],
    [{ ...good, max_tokens: 5, max_completion_tokens: 5 }, 'max_tokens', null],
    [{ ...good, temperature: 3 }, 'temperature', 'invalid_value'],
    [{ ...good, stop: ['a', 'b', 'c', 'd', 'e'] }, 'stop', 'invalid_type'],
    [
      { ...good, stream_options: { include_usage: true } },
      'stream_options',
      null,
    ],
    [{ ...good, tool_choice: 'required' }, 'tool_choice', null],
    [
      {
        ...good,
        tools: [tool],
        tool_choice: { type: 'function', function: { name: 'lose' } },
      },
      'tool_choice',
      null,
    ],
    [
      { ...good, response_format: { type: 'xml' } },
      'response_format.type',
      'invalid_value',
    ],
    [[], null, null],
  ])('refuses %j and names %p', (body, param, code) => {
    expect(parseChatRequest(body)).toMatchObject({
      ok: false,
      error: { status: 400, type: 'invalid_request_error', param, code },
    });
  });
});
