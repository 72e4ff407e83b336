import { readFileSync } from 'node:fs';
import { resolvePackagePath } from '@backstage/backend-plugin-api';
import { OpenAiStreamReader } from './stream';

const fixture = (name: string) =>
  readFileSync(
    resolvePackagePath(
      '@ai-gateway/gateway',
      'src/providers/openai/__fixtures__',
      name,
    ),
    'utf8',
  );

/** The events of a recorded stream and what the reader says of each. */
function read(stream: string, hideUsage: boolean = true, choices: number = 1) {
  const reader = new OpenAiStreamReader({ hideUsage, choices });
  const steps = stream
    .split('\n\n')
    .filter(event => event.trim() !== '')
    .map(event => reader.read(Buffer.from(`${event}\n\n`)));
  return { reader, steps };
}
const chunk = (value: unknown) => `data: ${JSON.stringify(value)}\n\n`;

describe('OpenAiStreamReader', () => {
  it("reads OpenAI's stream: usage in classes that are disjoint, and hidden", () => {
    const { reader, steps } = read(fixture('openai-stream.txt'));
    expect(steps).toEqual(['pass', 'pass', 'pass', 'pass', 'hide', 'end']);
    expect(reader.usage).toEqual({
      kind: 'reported',
      tokens: {
        input: 93,
        cachedInput: 1024,
        cacheWrite: 0,
        output: 34,
        reasoning: 12,
        audio: 0,
        image: 0,
      },
    });
    expect(reader.finished).toBe(true);
    expect(reader.refusal).toBeUndefined();
    // 'Hello' and ' \"usage\":{}' as it stands in JSON.
    expect(reader.generatedBytes).toBe(5 + 13);
  });

  it('shows the usage to a client who asked for it', () => {
    expect(read(fixture('openai-stream.txt'), false).steps).toEqual([
      'pass',
      'pass',
      'pass',
      'pass',
      'pass',
      'end',
    ]);
  });

  it("reads vLLM's stream: usage with every chunk, of which the last counts, spaces, comments, reasoning", () => {
    const { reader, steps } = read(fixture('vllm-stream.txt'));
    expect(steps).toEqual(['pass', 'pass', 'pass', 'pass', 'hide', 'end']);
    expect(reader.usage).toMatchObject({
      kind: 'reported',
      tokens: { input: 9, output: 5 },
    });
    expect(reader.generatedBytes).toBe('Hm, Hi!'.length);
  });

  describe('what is content, after which there is no other to fall back to', () => {
    const delta = (of: object, finish: string | null = null) =>
      chunk({ choices: [{ index: 0, delta: of, finish_reason: finish }] });
    const calls = [{ index: 0, id: 'c', function: { name: 'f' } }];

    it.each([
      ['text', delta({ content: 'Hi' }), true],
      ['thinking', delta({ reasoning_content: 'Hm' }), true],
      ['a call, before its arguments', delta({ tool_calls: calls }), true],
      ['an end without a word', delta({}, 'length'), true],
      ['a role', delta({ role: 'assistant', content: '' }), false],
      ['calls that are null', delta({ tool_calls: null }), false],
      ['a keep-alive', ': ping\n\n', false],
      ['an error', chunk({ error: { message: 'busy' } }), false],
      [
        'usage so far',
        chunk({
          choices: [],
          usage: { prompt_tokens: 1, completion_tokens: 0 },
        }),
        false,
      ],
    ])('%s', (_, event, sawContent) => {
      expect(read(event).reader.sawContent).toBe(sawContent);
    });
  });

  it('knows a stream that was cut off: not finished, no usage, but text', () => {
    const { reader } = read(
      fixture('openai-stream.txt').split('\n\n').slice(0, 2).join('\n\n'),
    );
    expect(reader).toMatchObject({
      finished: false,
      refusal: undefined,
      usage: { kind: 'absent' },
      generatedBytes: 5,
    });
  });

  describe('of which several choices were asked', () => {
    const delta = (index: number, finish: string | null) =>
      chunk({
        choices: [{ index, delta: { content: 'x' }, finish_reason: finish }],
      });
    const begun = delta(0, null) + delta(1, null);
    const isWhole = (stream: string) => read(stream, true, 2).reader.finished;

    it.each([
      ['one of them is', begun + delta(0, 'stop'), false],
      [
        'one of them says so twice',
        begun + delta(0, 'stop') + delta(0, 'stop'),
        false,
      ],
      ['all are', begun + delta(1, 'length') + delta(0, 'stop'), true],
      ['it says so itself', `${begun}data: [DONE]\n\n`, true],
    ])('is finished, or not, when %s', (_, stream, finished) => {
      expect(isWhole(stream)).toBe(finished);
    });
  });

  it('tells usage reported as zero from usage not reported', () => {
    const zero = read(
      chunk({ choices: [], usage: { prompt_tokens: 0, completion_tokens: 0 } }),
    );
    expect(zero.reader.usage).toMatchObject({
      kind: 'reported',
      tokens: { input: 0, output: 0 },
    });
  });

  it('ends with an error within the stream, which it keeps to itself, and tells what it comes to', () => {
    const { reader, steps } = read(
      chunk({ error: { message: 'overloaded', code: 'server_error' } }),
    );
    expect(steps).toEqual(['end']);
    expect(reader.refusal).toMatchObject({ code: 'upstream_error' });
    expect(reader.finished).toBe(false);
  });

  it.each([
    ['negative', { prompt_tokens: -1, completion_tokens: 1 }],
    ['not whole', { prompt_tokens: 1.5, completion_tokens: 1 }],
    ['in text', { prompt_tokens: '1', completion_tokens: 1 }],
    ['beyond belief', { prompt_tokens: 1e12, completion_tokens: 1 }],
    ['incomplete', { prompt_tokens: 1 }],
  ])('does not believe a usage that is %s', (_, usage) => {
    expect(read(chunk({ choices: [], usage })).reader.usage).toEqual({
      kind: 'absent',
    });
  });

  it('cuts parts of the usage that are larger than their whole', () => {
    const { reader } = read(
      chunk({
        choices: [],
        usage: {
          prompt_tokens: 10,
          completion_tokens: 5,
          prompt_tokens_details: { cached_tokens: 99 },
          completion_tokens_details: { reasoning_tokens: 99 },
        },
      }),
    );
    expect(reader.usage).toMatchObject({
      tokens: { input: 0, cachedInput: 10, output: 0, reasoning: 5 },
    });
  });

  it.each(['data: {"usage": broken\n\n', 'data: \n\n', ': ping\n\n'])(
    'passes what it cannot read: %j',
    event => {
      expect(read(event).steps).toEqual(['pass']);
    },
  );

  it('counts the text of tool calls and of several choices', () => {
    const { reader } = read(
      chunk({
        choices: [
          {
            index: 0,
            delta: {
              tool_calls: [
                { id: 'call_1', function: { name: 'f', arguments: '12345' } },
              ],
            },
          },
          { index: 1, delta: { role: 'assistant', content: 'abc' } },
        ],
      }),
    );
    expect(reader.generatedBytes).toBe(8);
  });
});
