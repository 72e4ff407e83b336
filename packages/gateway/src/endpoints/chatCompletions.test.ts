import { chatCompletions } from './chatCompletions';

const parse = (bytes: Buffer) => chatCompletions.parse(bytes, {});

const messages = [{ role: 'user', content: 'Hi' }];
const refusalOf = (body: unknown) => {
  const result = parse(
    Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
  );
  return result.ok ? undefined : result.refusal;
};

describe('chat completions', () => {
  it('reads what the gateway must know and leaves the bytes as they came', () => {
    const bytes = Buffer.from(
      '{ "stream":true, "model":"m\\u002d1", "messages":[{"role":"user"}], "stream_options":{"include_usage":true}, "x":1 }',
    );
    const result = parse(bytes);
    expect(result).toMatchObject({
      ok: true,
      request: { model: 'm-1', stream: true, includeUsage: true },
    });
    if (!result.ok) return;
    expect(result.request.bytes).toBe(bytes);
    // The messages come to 17 bytes.
    expect(result.request.estimatedInputTokens).toBe(5);
  });

  it.each([
    [
      'null where a default is meant',
      { stream: null, stream_options: null, max_tokens: null, n: null },
    ],
    ['parameters it does not know', { whatever: { deep: [1] }, seed: 'x' }],
    ['whole numbers in any notation', { max_tokens: 1e2, n: 2.0 }],
  ])('takes %s', (_, more) => {
    expect(refusalOf({ model: 'm', messages, ...more })).toBeUndefined();
  });

  it.each([
    ['{"model":', 'invalid_json', null],
    ['[]', 'body_not_an_object', null],
    ['"text"', 'body_not_an_object', null],
    ['{"model":"m","model":"m"}', 'duplicate_parameter', 'model'],
    [{ messages }, 'missing_parameter', 'model'],
    [{ model: 1, messages }, 'invalid_type', 'model'],
    [{ model: null, messages }, 'invalid_type', 'model'],
    [{ model: '', messages }, 'invalid_parameter', 'model'],
    [{ model: 'x'.repeat(256), messages }, 'invalid_parameter', 'model'],
    [{ model: 'm' }, 'missing_parameter', 'messages'],
    [{ model: 'm', messages: [] }, 'invalid_parameter', 'messages'],
    ['{"model":"m","messages":[ \n ]}', 'invalid_parameter', 'messages'],
    [{ model: 'm', messages: 'Hi' }, 'invalid_type', 'messages'],
    [{ model: 'm', messages: { 0: 'Hi' } }, 'invalid_type', 'messages'],
    [{ model: 'm', messages, stream: 'yes' }, 'invalid_type', 'stream'],
    [{ model: 'm', messages, stream: 1 }, 'invalid_type', 'stream'],
    [
      { model: 'm', messages, stream: true, stream_options: [] },
      'invalid_type',
      'stream_options',
    ],
    [
      { model: 'm', messages, stream_options: { include_usage: true } },
      'invalid_parameter',
      'stream_options',
    ],
    [
      {
        model: 'm',
        messages,
        stream: true,
        stream_options: { include_usage: 1 },
      },
      'invalid_type',
      'stream_options.include_usage',
    ],
    [
      '{"model":"m","messages":[0],"stream":true,"stream_options":{"include_usage":true,"include_usage":false}}',
      'duplicate_parameter',
      'stream_options.include_usage',
    ],
    [{ model: 'm', messages, max_tokens: '5' }, 'invalid_type', 'max_tokens'],
    [
      { model: 'm', messages, max_tokens: 0 },
      'invalid_parameter',
      'max_tokens',
    ],
    [
      { model: 'm', messages, max_completion_tokens: 1.5 },
      'invalid_parameter',
      'max_completion_tokens',
    ],
    [{ model: 'm', messages, n: -1 }, 'invalid_parameter', 'n'],
  ])('refuses %j as %s, naming %s', (body, code, param) => {
    expect(refusalOf(body)).toMatchObject({ code, param, status: 400 });
  });

  it('refuses bytes that are not UTF-8', () => {
    const result = parse(
      Buffer.concat([
        Buffer.from('{"model":"'),
        Buffer.of(0xc3, 0x28),
        Buffer.from('"}'),
      ]),
    );
    expect(result).toMatchObject({ refusal: { code: 'invalid_encoding' } });
  });
});
