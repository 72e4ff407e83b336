import fc from 'fast-check';
import { generateApiKey } from '../../apiKeys';
import { maskCredentials } from './maskCredentials';

/** What may stand before a credential in JSON, and in JSON that is a string in JSON. */
const ESCAPES = ['\\n', '\\r', '\\t', '\\b', '\\f', '\\"', '\\u000a', '\\\\n'];

describe('maskCredentials', () => {
  it('leaves of an API key of the gateway its id alone, wherever the text was cut', () => {
    const { id, apiKey } = generateApiKey();
    const secret = apiKey.slice(`aigw_${id}_`.length);
    fc.assert(
      fc.property(
        fc.constantFrom(
          '',
          'my key: ',
          '{"content":"',
          'Bearer ',
          ...ESCAPES.map(escape => `{"content":"my key:${escape}`),
          'KEY_',
        ),
        fc.integer({ min: 1, max: secret.length }),
        (before, kept) => {
          const text = `${before}aigw_${id}_${secret.slice(0, kept)}`;
          expect(maskCredentials(text)).toBe(`${before}aigw_${id}_***`);
        },
      ),
    );
  });

  it.each([' ', '\n', ...ESCAPES])(
    'masks credentials with %p before them',
    before => {
      expect(
        maskCredentials(
          `{"content":"it:${before}Bearer abcdefghijk${before}sk-proj-4bCdEfGhIjKlMnOpQrSt"}`,
        ),
      ).toBe(`{"content":"it:${before}Bearer ***${before}sk-***"}`);
    },
  );

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
    ['Basic YWJj\\/ZGVmZw==', 'Basic ***'],
    ['OPENAI_API_KEY=sk-ant-api03-aBcDeFgH1jKl', 'OPENAI_API_KEY=sk-***'],
    ['gsk_aBcDeFgHiJkLmN0pQr', 'gsk_***'],
    ['?key=AIzaSyA1bCdEfGhIjKlMnOpQ', '?key=AIza***'],
    ['{"api_key":"cut of', '{"api_key":"***'],
  ])('masks %p', (text, masked) => {
    expect(maskCredentials(text)).toBe(masked);
  });

  it.each([
    'The basic idea is to authorize nobody.',
    '{"model":"m","messages":[{"role":"user","content":"What is an api_key?"}]}',
    'bearer of news',
    'A task-oriented risk-assessment-of-2026-and-later, with sk-learn-and-all-that-follows',
  ])('leaves %p', text => {
    expect(maskCredentials(text)).toBe(text);
  });

  it.each([
    `${'\\'.repeat(100_000)}"authorization`,
    `Bearer ${'\\'.repeat(100_000)}`,
    'sk-'.repeat(100_000),
    '\\nsk-'.repeat(100_000),
    'aigw_'.repeat(100_000),
  ])('is done with a long hostile text in no time', text => {
    const started = performance.now();
    maskCredentials(text);
    expect(performance.now() - started).toBeLessThan(1_000);
  });
});
