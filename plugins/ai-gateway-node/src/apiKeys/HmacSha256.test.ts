import fc from 'fast-check';
import { createHmac } from 'node:crypto';
import { HmacSha256 } from './HmacSha256';

describe('HmacSha256', () => {
  it('is what createHmac makes, whatever was digested before', () => {
    const text = fc.string({ unit: 'binary', maxLength: 200 });
    fc.assert(
      fc.property(text, fc.array(text), (secret, messages) => {
        const hmac = new HmacSha256(secret);
        for (const message of messages) {
          expect(hmac.digest(message)).toBe(
            createHmac('sha256', secret).update(message).digest('hex'),
          );
        }
      }),
    );
  });

  // https://www.rfc-editor.org/rfc/rfc4231#section-4.3
  it('digests as the standard does', () => {
    expect(new HmacSha256('Jefe').digest('what do ya want for nothing?')).toBe(
      '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
    );
  });
});
