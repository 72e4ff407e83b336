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

  it.each(['embeddings', 'count_tokens'] as const)(
    'is itself where nothing is generated: %s',
    id => {
      const request = read(id, { model: 'm', input: 'Hi', messages: HI });
      expect(request.maxOutputTokens).toBe(0);
      expect(request.withMaxOutputTokens(5)).toBe(request);
    },
  );
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
