import { resolvePackagePath } from '@backstage/backend-plugin-api';
import { createParser } from 'eventsource-parser';
import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { SseFilter } from '../wire/sse';
import { callOf, HI } from './__testUtils__/preparing';
import { anthropic } from './anthropic';
import { openai } from './openai';
import type { UpstreamCall } from './spec';

const fixture = (name: string) =>
  readFileSync(
    resolvePackagePath(
      '@ai-gateway/gateway',
      'src/dialects/__fixtures__',
      name,
    ),
  );

const OPENAI_ASKS = {
  model: 'm',
  messages: HI,
  stream: true,
  stream_options: { include_usage: true },
};
const ANTHROPIC_ASKS = {
  model: 'm',
  max_tokens: 100,
  messages: HI,
  stream: true,
};

/** What a client gets of a stream that comes in pieces of these sizes. */
function relay(call: UpstreamCall, stream: Buffer, sizes: number[] = [1e9]) {
  const reader = call.createStreamReader();
  let closed = false;
  const filter = new SseFilter(event => {
    const step = reader.read(event);
    closed ||= step === 'end';
    return step === 'end' || step === 'hide' ? 'drop' : step;
  }, 1_000_000);
  const out: Buffer[] = [];
  for (let from = 0, n = 0; from < stream.length; n++) {
    const to = from + sizes[n % sizes.length];
    out.push(...filter.push(stream.subarray(from, to)));
    from = to;
  }
  out.push(...filter.end());
  const text =
    Buffer.concat(out).toString() +
    (reader.finished ? reader.closing().toString() : '');
  return { reader, closed, text };
}
function eventsOf(text: string): { event?: string; data: string }[] {
  const events: { event?: string; data: string }[] = [];
  createParser({
    onEvent: ({ event, data }) => events.push({ event, data }),
  }).feed(text);
  return events;
}

const usageOfAnthropic = {
  input: 472,
  cachedInput: 2_000,
  cacheWrite: 100,
  output: 80,
  reasoning: 9,
  audio: 0,
  image: 0,
};

describe("Anthropic's answers for OpenAI's clients", () => {
  const call = callOf(anthropic, OPENAI_ASKS);
  const stream = fixture('anthropic-stream.sse');

  it('are streamed as chunks: thinking, text, calls side by side, usage by class', () => {
    const { reader, closed, text } = relay(call, stream);
    expect(closed).toBe(true);
    expect(reader.usage).toEqual({
      kind: 'reported',
      tokens: usageOfAnthropic,
    });
    const events = eventsOf(text);
    expect(events.at(-1)?.data).toBe('[DONE]');
    const chunks = events.slice(0, -1).map(({ data }) => JSON.parse(data));
    expect(new Set(chunks.map(chunk => chunk.id))).toEqual(
      new Set(['chatcmpl-r-1']),
    );
    expect(
      chunks.flatMap(chunk =>
        chunk.choices.map((choice: { delta: object }) => choice.delta),
      ),
    ).toEqual([
      { role: 'assistant', content: null, refusal: null },
      { reasoning_content: 'Two cities, two calls.' },
      {
        thinking_blocks: [
          {
            type: 'thinking',
            thinking: 'Two cities, two calls.',
            signature: 'EqQBCgIYAhIM1gbcDa9GJwZA2b3h',
          },
        ],
      },
      { content: 'Je vérifie' },
      { content: ' la météo 🌤.' },
      {
        tool_calls: [
          {
            index: 0,
            id: 'toolu_01T1x1fJ34qAmk2tNTrN7Up6',
            type: 'function',
            function: { name: 'get_weather', arguments: '' },
          },
        ],
      },
      { tool_calls: [{ index: 0, function: { arguments: '{"location":' } }] },
      { tool_calls: [{ index: 0, function: { arguments: ' "Orléans"}' } }] },
      {
        tool_calls: [
          {
            index: 1,
            id: 'toolu_02',
            type: 'function',
            function: { name: 'get_time', arguments: '' },
          },
        ],
      },
      { tool_calls: [{ index: 1, function: { arguments: '{}' } }] },
      {},
    ]);
    expect(chunks.at(-1).usage).toMatchObject({
      prompt_tokens: 2_572,
      completion_tokens: 89,
      prompt_tokens_details: { cached_tokens: 2_000, cache_write_tokens: 100 },
      completion_tokens_details: { reasoning_tokens: 9 },
    });
  });

  it('come whole as a completion', () => {
    const answer = call.readWhole(fixture('anthropic-message.json'));
    if (answer.kind !== 'completion') throw new Error(answer.kind);
    expect(JSON.parse(answer.body.toString())).toMatchObject({
      id: 'chatcmpl-r-1',
      object: 'chat.completion',
      created: 1_700_000_000,
      model: 'm',
      choices: [
        {
          finish_reason: 'tool_calls',
          message: {
            content: 'Je vérifie la météo 🌤.',
            reasoning_content: 'Two cities, two calls.',
            thinking_blocks: [
              { type: 'thinking' },
              { type: 'redacted_thinking', data: 'EmwKAhgBEgy3va3pzix' },
            ],
            tool_calls: [
              {
                id: 'toolu_01A09q90qw90lq917835lq9',
                function: {
                  name: 'get_weather',
                  arguments: '{"location":"Orléans"}',
                },
              },
            ],
          },
        },
      ],
      usage: { prompt_tokens: 2_572, completion_tokens: 89 },
    });
    expect(answer.usage).toMatchObject({
      tokens: { input: 472, cachedInput: 2_000, cacheWrite: 100 },
    });
  });

  it('that break off tell what was read, and only the least of what was generated', () => {
    const half = stream.subarray(0, stream.indexOf('event: message_delta'));
    const { reader } = relay(call, half);
    expect(reader).toMatchObject({ finished: false, refusal: undefined });
    expect(reader.usage).toMatchObject({
      kind: 'partial',
      tokens: { input: 472, cachedInput: 2_000, output: 2 },
    });
    // The same of a stream that passes as it comes.
    const passed = relay(callOf(anthropic, ANTHROPIC_ASKS), half);
    expect(passed.reader.usage).toEqual(reader.usage);
    expect(passed.text).toBe(half.toString());
  });
});

describe("OpenAI's answers for Anthropic's clients", () => {
  const call = callOf(openai, ANTHROPIC_ASKS);
  const stream = fixture('openai-stream.sse');

  it('are streamed as blocks, one after the other, though calls come mixed', () => {
    const { reader, closed, text } = relay(call, stream);
    expect(closed).toBe(true);
    expect(reader.usage).toMatchObject({
      kind: 'reported',
      tokens: { input: 1_024, cachedInput: 1_024, output: 40, reasoning: 20 },
    });
    expect(text).toContain(': keep-alive\n\n');
    const events = eventsOf(text).map(({ event, data }) => {
      const body = JSON.parse(data);
      expect(body.type).toBe(event);
      return body;
    });
    expect(events[0]).toMatchObject({
      type: 'message_start',
      message: { id: 'msg_r-1', role: 'assistant', model: 'm', content: [] },
    });
    expect(
      events
        .slice(1, -2)
        .map(({ type, index, delta, content_block: block }) =>
          [
            type.replace('content_block_', ''),
            index,
            block?.name ?? delta,
          ].filter(value => value !== undefined),
        ),
    ).toEqual([
      ['start', 0],
      ['delta', 0, { type: 'text_delta', text: 'Je vérifie' }],
      ['delta', 0, { type: 'text_delta', text: ' la météo 🌤.' }],
      ['stop', 0],
      ['start', 1, 'get_weather'],
      ['delta', 1, { type: 'input_json_delta', partial_json: '{"location":' }],
      ['delta', 1, { type: 'input_json_delta', partial_json: '"Orléans"}' }],
      ['stop', 1],
      ['start', 2, 'get_time'],
      ['delta', 2, { type: 'input_json_delta', partial_json: '{}' }],
      ['stop', 2],
    ]);
    expect(events.slice(-2)).toMatchObject([
      {
        type: 'message_delta',
        delta: { stop_reason: 'tool_use', stop_sequence: null },
        usage: {
          input_tokens: 1_024,
          cache_read_input_tokens: 1_024,
          output_tokens: 60,
        },
      },
      { type: 'message_stop' },
    ]);
  });

  it('come whole as a message', () => {
    const answer = call.readWhole(fixture('openai-completion.json'));
    if (answer.kind !== 'completion') throw new Error(answer.kind);
    expect(JSON.parse(answer.body.toString())).toMatchObject({
      id: 'msg_r-1',
      type: 'message',
      model: 'm',
      content: [
        { type: 'text', text: 'Je vérifie la météo 🌤.' },
        {
          type: 'tool_use',
          id: 'call_abc',
          name: 'get_weather',
          input: { location: 'Orléans' },
        },
      ],
      stop_reason: 'tool_use',
      usage: {
        input_tokens: 1_024,
        cache_read_input_tokens: 1_024,
        output_tokens: 60,
      },
    });
  });
});

describe('a translated stream', () => {
  const streams = [
    [callOf(anthropic, OPENAI_ASKS), fixture('anthropic-stream.sse')],
    [callOf(openai, ANTHROPIC_ASKS), fixture('openai-stream.sse')],
  ] as const;
  /** The same events in other clothes. */
  const asCrLf = (stream: Buffer) =>
    Buffer.from(stream.toString().replace(/\n/g, '\r\n'));
  const asManyLines = (stream: Buffer) =>
    Buffer.from(
      stream.toString().replace(/^data: (\{.*\})$/gm, (_, json: string) =>
        JSON.stringify(JSON.parse(json), null, 1)
          .split('\n')
          .map(line => `data: ${line}`)
          .join('\n'),
      ),
    );

  it('is the same wherever it is cut, within characters too, whatever its lines end in and however many there are', () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 60 }), {
      minLength: 1,
      maxLength: 8,
    });
    const clothes = fc.constantFrom(
      (stream: Buffer) => stream,
      asCrLf,
      asManyLines,
    );
    for (const [call, stream] of streams) {
      const { text } = relay(call, stream);
      fc.assert(
        fc.property(sizes, clothes, (cuts, dress) => {
          const cut = relay(call, dress(stream), cuts);
          expect(eventsOf(cut.text)).toEqual(eventsOf(text));
        }),
        { numRuns: 60 },
      );
    }
  });

  it('of whatever it is made, throws nothing, and is whole for no client', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.oneof(
            fc.json().map(json => `data: ${json}\n\n`),
            fc.string().map(text => `data: ${text}\n\n`),
            fc.constantFrom(
              'data: {"choices":[{"delta":null}]}\n\n',
              'data: {"choices":{}}\n\n',
              'event: content_block_delta\ndata: {}\n\n',
              'data: {"type":"message_delta","usage":{"output_tokens":-1}}\n\n',
            ),
          ),
          { maxLength: 8 },
        ),
        events => {
          for (const [call] of streams) {
            const { reader } = relay(call, Buffer.from(events.join('')));
            expect(reader.finished).toBe(false);
          }
        },
      ),
      { numRuns: 200 },
    );
  });

  it.each([
    ['billing_error', 'Pay.'],
    ['invalid_request_error', 'Your credit balance is too low.'],
  ])(
    'that tells of an account that is not paid for (%s) does not blame its client',
    (type, message) => {
      const error = { type: 'error', error: { type, message } };
      const { reader } = relay(
        streams[0][0],
        Buffer.from(`event: error\ndata: ${JSON.stringify(error)}\n\n`),
      );
      expect(reader.refusal).toMatchObject({
        code: 'upstream_account_exhausted',
      });
    },
  );

  it('that tells of an error tells it in the words of the registry, and passes nothing of it on', () => {
    const error = {
      type: 'error',
      error: {
        type: 'authentication_error',
        message: 'invalid x-api-key sk-ant-secret',
      },
    };
    const { reader, text } = relay(
      streams[0][0],
      Buffer.from(`event: error\ndata: ${JSON.stringify(error)}\n\n`),
    );
    expect(text).toBe('');
    expect(reader.refusal).toMatchObject({ code: 'upstream_auth_failed' });
    expect(reader.refusal?.message).not.toContain('sk-ant');
  });

  it('whose provider tells no usage shows what is billed', () => {
    const stream = fixture('openai-stream.sse')
      .toString()
      .split('\n\n')
      .filter(event => !event.includes('"prompt_tokens"'))
      .join('\n\n');
    const { reader, text } = relay(streams[1][0], Buffer.from(stream));
    expect(reader.usage).toEqual({ kind: 'absent' });
    const delta = eventsOf(text).find(({ event }) => event === 'message_delta');
    expect(JSON.parse(delta?.data ?? '').usage.output_tokens).toBe(
      Math.ceil(reader.generatedBytes / 4),
    );
  });
});
