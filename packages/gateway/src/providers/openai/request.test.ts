import { chatCompletions } from '../../endpoints/chatCompletions';
import { completions } from '../../endpoints/completions';
import { openai } from './index';
import { choicesOf } from './request';

function build(body: string) {
  const parsed = chatCompletions.parse(Buffer.from(body), {});
  if (!parsed.ok) throw new Error(parsed.refusal.message);
  const prepared = openai.prepare(parsed.request, {
    baseUrl: 'https://api.example.com/v1/',
    upstreamModel: 'up/stream "1"',
    credential: { kind: 'key', secret: 'sk-1' },
    settings: {},
    requestId: 'r-1',
    receivedAt: 0,
  });
  if (prepared.kind !== 'call') throw new Error(prepared.kind);
  return prepared.call.request;
}

describe('a chat with OpenAI', () => {
  it('changes the model and nothing else', () => {
    const { body, path, headers } = build(
      '{ "x": 1e400, "model" : "m", "messages":[ {"role":"user","content":"\\u00e9"} ] }',
    );
    expect(body.toString()).toBe(
      '{ "x": 1e400, "model" : "up/stream \\"1\\"", "messages":[ {"role":"user","content":"\\u00e9"} ] }',
    );
    expect(path).toBe('/v1/chat/completions');
    expect(headers).toEqual(
      Object.entries({
        'content-type': 'application/json',
        accept: 'application/json',
        'user-agent': 'ai-gateway',
        'x-request-id': 'r-1',
        authorization: 'Bearer sk-1',
      }).flat(),
    );
  });

  it.each([
    ['', ''],
    ['"stream_options":null,', '"stream_options":{"include_usage":true},'],
    ['"stream_options":{},', '"stream_options":{"include_usage":true},'],
    [
      '"stream_options":{"include_usage":false},',
      '"stream_options":{"include_usage":true},',
    ],
    [
      '"stream_options":{ "include_obfuscation":false },',
      '"stream_options":{"include_usage":true, "include_obfuscation":false },',
    ],
  ])('always asks a stream for its usage: %s', (given, expected) => {
    const { body } = build(
      `{"model":"m",${given}"stream":true,"messages":[{}]}`,
    );
    const text = body.toString();
    expect(JSON.parse(text).stream_options.include_usage).toBe(true);
    expect(text).toContain(expected);
  });
});

describe('the choices of a stream', () => {
  it.each([
    ['"a"', '', 1],
    ['"a"', ',"n":3', 3],
    ['"a"', ',"n":null', 1],
    ['["a","b"]', '', 2],
    ['["a","b"]', ',"n":3,"best_of":5', 6],
    ['[1,2,3]', '', 1],
    ['[[1,2],[3]]', ',"n":2', 4],
  ])('for the prompt %s%s are %d', (prompt, more, choices) => {
    const body = `{"model":"m","prompt":${prompt}${more}}`;
    const parsed = completions.parse(Buffer.from(body), {});
    if (!parsed.ok) throw new Error(parsed.refusal.message);
    expect(choicesOf(parsed.request)).toBe(choices);
  });
});
