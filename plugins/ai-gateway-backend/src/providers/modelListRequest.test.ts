import { modelListRequest } from './modelListRequest';

describe('modelListRequest', () => {
  it.each([
    [
      'openai',
      'https://api.openai.com/v1/',
      'https://api.openai.com/v1/models',
      { authorization: 'Bearer s' },
    ],
    [
      'vllm',
      'http://vllm:8000/v1',
      'http://vllm:8000/v1/models',
      { authorization: 'Bearer s' },
    ],
    [
      'anthropic',
      'https://api.anthropic.com',
      'https://api.anthropic.com/v1/models?limit=1000',
      { 'x-api-key': 's', 'anthropic-version': '2023-06-01' },
    ],
    [
      'anthropic',
      'https://proxy.example.com/anthropic/v1/',
      'https://proxy.example.com/anthropic/v1/models?limit=1000',
      { 'x-api-key': 's', 'anthropic-version': '2023-06-01' },
    ],
    ...['', '/', '/openai', '/openai/v1', '/openai/v1/'].map(
      path =>
        [
          'azure-openai',
          `https://r.openai.azure.com${path}`,
          'https://r.openai.azure.com/openai/v1/models',
          { 'api-key': 's' },
        ] as const,
    ),
  ] as const)('of %s at %s', (kind, baseUrl, url, headers) => {
    expect(modelListRequest({ kind, baseUrl }, 's')).toEqual({
      url,
      headers: { accept: 'application/json', ...headers },
    });
    expect(modelListRequest({ kind, baseUrl }, null).headers).not.toEqual(
      expect.objectContaining({ [Object.keys(headers)[0]]: 's' }),
    );
  });
});
