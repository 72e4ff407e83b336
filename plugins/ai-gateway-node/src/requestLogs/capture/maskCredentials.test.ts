import fc from 'fast-check';
import { generateApiKey } from '../../apiKeys';
import { maskCredentials } from './maskCredentials';

describe('maskCredentials', () => {
  it('leaves of an API key of the gateway its id alone, wherever the text was cut', () => {
    const { id, apiKey } = generateApiKey();
    const secret = apiKey.slice(`aigw_${id}_`.length);
    fc.assert(
      fc.property(
        fc.constantFrom('', 'my key: ', '{"content":"', 'Bearer '),
        fc.integer({ min: 1, max: secret.length }),
        (before, kept) => {
          const text = `${before}aigw_${id}_${secret.slice(0, kept)}`;
          expect(maskCredentials(text)).toBe(`${before}aigw_${id}_***`);
        },
      ),
    );
  });

  it.each([
    ['{"Authorization": "Bearer abc.def-123"}', '{"Authorization": "***"}'],
    ['{"headers":{"x-api-key":"k"}}', '{"headers":{"x-api-key":"***"}}'],
    ['{"api_key":"sk-1234","a":"b"}', '{"api_key":"***","a":"b"}'],
    [
      '{"arguments":"{\\"authorization\\":\\"Basic dXNlcjpwYXNz\\",\\"a\\":1}"}',
      '{"arguments":"{\\"authorization\\":\\"***\\",\\"a\\":1}"}',
    ],
    [
      'curl -H "Authorization: Bearer eyJhbGciOi.J9"',
      'curl -H "Authorization: Bearer ***"',
    ],
    ['{"api_key":"cut of', '{"api_key":"***'],
  ])('masks %p', (text, masked) => {
    expect(maskCredentials(text)).toBe(masked);
  });

  it.each([
    'The basic idea is to authorize nobody.',
    '{"model":"m","messages":[{"role":"user","content":"What is an api_key?"}]}',
    'bearer of news',
  ])('leaves %p', text => {
    expect(maskCredentials(text)).toBe(text);
  });

  it('is done with a long hostile text in no time', () => {
    const text = `${'\\'.repeat(100_000)}"authorization`;
    const started = performance.now();
    maskCredentials(text);
    expect(performance.now() - started).toBeLessThan(1_000);
  });
});
