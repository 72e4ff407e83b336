import { endpoints } from '@ai-gateway/backstage-plugin-ai-gateway-common';
import { makeIdempotencyKey } from './idempotencyKey';

describe('makeIdempotencyKey', () => {
  it('writes the random bytes in hexadecimal', () => {
    expect(makeIdempotencyKey(bytes => bytes.fill(0x0a))).toBe('0a'.repeat(16));
  });

  it('makes what the API takes, and another one each time', () => {
    const [one, other] = [makeIdempotencyKey(), makeIdempotencyKey()];
    expect(one).not.toBe(other);
    expect(
      endpoints.createApiKey.headers.safeParse({ 'idempotency-key': one })
        .success,
    ).toBe(true);
  });
});
