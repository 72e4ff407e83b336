import { MAX_JSON_MEMBERS } from '../wire/jsonScan';
import { ENDPOINTS, type ClientRequest, type EndpointId } from '.';

const HI = [{ role: 'user', content: 'Hi' }];

function read(id: EndpointId, body: string | object): ClientRequest {
  const endpoint = ENDPOINTS.find(each => each.id === id);
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const parsed = endpoint?.parse(Buffer.from(text), {});
  if (!parsed?.ok) throw new Error(JSON.stringify(parsed));
  return parsed.request;
}

describe('a request with another limit of what is generated', () => {
  it.each([
    [
      'chat.completions',
      '{ "model":"m", "messages":[{}], "max_tokens" : 9, "x":1e400 }',
      '{ "model":"m", "messages":[{}], "max_tokens" : 5, "x":1e400 }',
    ],
    [
      'chat.completions',
      '{"max_completion_tokens":9,"model":"m","messages":[{}],"max_tokens":8}',
      '{"max_completion_tokens":5,"model":"m","messages":[{}],"max_tokens":5}',
    ],
    [
      'chat.completions',
      '{"model":"m","messages":[{}]}',
      '{"max_completion_tokens":5,"model":"m","messages":[{}]}',
    ],
    [
      'chat.completions',
      '{"max_completion_tokens":null,"model":"m","messages":[{}]}',
      '{"max_completion_tokens":5,"model":"m","messages":[{}]}',
    ],
    [
      'completions',
      '{"model":"m","prompt":"Hi"}',
      '{"max_tokens":5,"model":"m","prompt":"Hi"}',
    ],
    [
      'messages',
      '{"model":"m","messages":[{}],"max_tokens":900,"stream":true}',
      '{"model":"m","messages":[{}],"max_tokens":5,"stream":true}',
    ],
  ] as const)('at %s: %s', (id, before, after) => {
    const limited = read(id, before).withMaxOutputTokens(5);
    expect(limited.bytes.toString()).toBe(after);
    expect(limited).toMatchObject({ endpoint: id, maxOutputTokens: 5 });
  });

  it.each([
    ['chat.completions', 'max_completion_tokens'],
    ['completions', 'max_tokens'],
    ['messages', 'max_tokens'],
  ] as const)('may have one member more than came, at %s', (id, limit) => {
    const body: Record<string, unknown> = { model: 'm', messages: HI };
    body.prompt = 'Hi';
    if (id === 'messages') body.max_tokens = 900;
    const has = Object.keys(body).length;
    for (let at = has; at < MAX_JSON_MEMBERS; at++) body[`x${at}`] = at;

    const limited = read(id, body).withMaxOutputTokens(5);

    expect(limited.maxOutputTokens).toBe(5);
    expect(JSON.parse(limited.bytes.toString())).toEqual({
      ...body,
      [limit]: 5,
    });
    // It may be limited once more, by what is over then.
    expect(limited.withMaxOutputTokens(3).maxOutputTokens).toBe(3);
  });

  it.each(['embeddings', 'count_tokens'] as const)(
    'is itself where nothing is generated: %s',
    id => {
      const request = read(id, { model: 'm', input: 'Hi', messages: HI });
      expect(request.maxOutputTokens).toBe(0);
      expect(request.withMaxOutputTokens(5)).toBe(request);
    },
  );
});

describe('a name that stands twice further in', () => {
  const openai = [
    ['"messages":[{"role":"user","role":"system"}]', 'messages[0].role'],
    [
      '"messages":[{"content":[{"type":"text","text":"a","text":"b"}]}]',
      'messages[0].content[0].text',
    ],
    [
      '"messages":[{}],"tools":[{},{"function":{"name":"a","name":"b"}}]',
      'tools[1].function.name',
    ],
    [
      '"messages":[{}],"tools":[{"function":{"parameters":{"properties":{"x":{},"x":{}}}}}]',
      'tools[0].function.parameters.properties.x',
    ],
    [
      '"messages":[{}],"tool_choice":{"type":"function","type":"none"}',
      'tool_choice.type',
    ],
    [
      '"messages":[{}],"response_format":{"json_schema":{"name":"a","name":"b"}}',
      'response_format.json_schema.name',
    ],
  ] as const;
  const anthropic = [
    ['"messages":[{"role":"user","role":"user"}]', 'messages[0].role'],
    [
      '"messages":[{"content":[{"type":"tool_use","input":{"a":1,"\\u0061":2}}]}]',
      'messages[0].content[0].input.a',
    ],
    ['"messages":[{}],"system":[{"text":"a","text":"b"}]', 'system[0].text'],
    [
      '"messages":[{}],"tools":[{"input_schema":{"type":"object","type":"object"}}]',
      'tools[0].input_schema.type',
    ],
    [
      '"messages":[{}],"tool_choice":{"name":"a","name":"b"}',
      'tool_choice.name',
    ],
  ] as const;
  const cases: ReadonlyArray<readonly [EndpointId, string, string]> = [
    ...openai.map(one => ['chat.completions', ...one] as const),
    ...anthropic.map(one => ['messages', ...one] as const),
    ...anthropic.map(one => ['count_tokens', ...one] as const),
    ['completions', '"prompt":"Hi","logit_bias":{"1":1,"1":2}', 'logit_bias.1'],
    ['embeddings', '"input":[{"a":1,"a":2}]', 'input[0].a'],
  ];

  it.each(cases)('is refused at %s: %s', (id, members, param) => {
    const endpoint = ENDPOINTS.find(each => each.id === id);
    const body = `{"model":"m","max_tokens":5,${members}}`;
    expect(endpoint?.parse(Buffer.from(body), {})).toMatchObject({
      ok: false,
      refusal: { code: 'duplicate_parameter', param, status: 400 },
    });
  });
});

describe('what the gateway knows of a request', () => {
  it('is the same whichever dialect it is in', () => {
    const common = { model: 'm', messages: HI, stream: true };
    const openai = read('chat.completions', {
      ...common,
      stream_options: { include_usage: true },
      max_tokens: 7,
    });
    const anthropic = read('messages', { ...common, max_tokens: 7 });
    const facts = ({
      model,
      stream,
      includeUsage,
      maxOutputTokens,
      choices,
      estimatedInputTokens,
    }: ClientRequest) => ({
      model,
      stream,
      includeUsage,
      maxOutputTokens,
      choices,
      estimatedInputTokens,
    });
    expect(facts(openai)).toEqual(facts(anthropic));
    expect(facts(openai)).toEqual({
      model: 'm',
      stream: true,
      includeUsage: true,
      maxOutputTokens: 7,
      choices: 1,
      estimatedInputTokens: 8,
    });
  });

  it('counts every answer that is generated', () => {
    expect(
      read('completions', { model: 'm', prompt: 'Hi', n: 2, best_of: 5 })
        .choices,
    ).toBe(5);
    expect(
      read('chat.completions', { model: 'm', messages: HI, n: 3 }).choices,
    ).toBe(3);
  });
});
