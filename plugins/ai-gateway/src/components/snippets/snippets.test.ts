import { snippet, SNIPPET_LANGUAGES } from './snippets';

const TARGET = {
  gatewayUrl: 'https://gateway.example.com/v1',
  modelId: 'gpt-5-mini',
  stream: false,
};

describe('snippet', () => {
  it.each(SNIPPET_LANGUAGES)(
    'holds the URL, the model and the key in %s',
    language => {
      const text = snippet(language, { ...TARGET, apiKey: 'aigw_secret' });
      expect(text).toContain('https://gateway.example.com/v1');
      expect(text).toContain('gpt-5-mini');
      expect(text).toContain('aigw_secret');
      expect(text).not.toContain('AI_GATEWAY_API_KEY');
    },
  );

  it.each(SNIPPET_LANGUAGES)(
    'reads the key from the environment in %s when there is none',
    language => {
      expect(snippet(language, TARGET)).toContain('AI_GATEWAY_API_KEY');
    },
  );

  it.each([
    ['curl', '"stream": true'],
    ['javascript', 'stream: true'],
    ['python', 'stream=True'],
  ] as const)('asks for a stream in %s only when told', (language, words) => {
    expect(snippet(language, { ...TARGET, stream: true })).toContain(words);
    expect(snippet(language, TARGET)).not.toContain(words);
  });

  it.each([true, false])(
    'sends a valid request with curl, streamed: %s',
    stream => {
      const text = snippet('curl', { ...TARGET, stream });
      expect(text).toContain('/v1/chat/completions');
      const [, body] = /-d '([^']+)'/.exec(text) ?? [];
      expect(JSON.parse(body)).toEqual({
        model: 'gpt-5-mini',
        ...(stream && { stream: true }),
        messages: [{ role: 'user', content: 'Say hello in one sentence.' }],
      });
    },
  );
});
