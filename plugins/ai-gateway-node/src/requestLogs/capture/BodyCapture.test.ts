import fc from 'fast-check';
import { generateApiKey } from '../../apiKeys';
import { BodyCapture, type BodyCapturePolicy } from './BodyCapture';

const FULL: BodyCapturePolicy = { mode: 'full', maxBytes: 64, redact: null };
const JSON_TYPE = 'application/json; charset=utf-8';

function capture(
  policy: BodyCapturePolicy,
  body: string | Buffer,
  contentType: string | undefined = JSON_TYPE,
) {
  const captured = BodyCapture.create(policy, 'request', contentType);
  captured.add(Buffer.from(body));
  return captured.finish();
}

describe('BodyCapture', () => {
  it('keeps nothing when off', () => {
    expect(capture({ ...FULL, mode: 'off' }, 'hello')).toBeNull();
  });

  it('keeps the length alone as metadata', () => {
    expect(capture({ ...FULL, mode: 'metadata' }, 'hellö')).toEqual({
      bytes: 6,
      text: null,
      truncated: false,
    });
  });

  it('keeps the whole text of a body that fits', () => {
    const body = 'x'.repeat(64);
    expect(capture(FULL, body)).toEqual({
      bytes: 64,
      text: body,
      truncated: false,
    });
  });

  it('keeps the beginning of any body, however it is cut into chunks, and never half a character', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 60 }),
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 1, max: 80 }),
        (body, chunk, maxBytes) => {
          const bytes = Buffer.from(body);
          const captured = BodyCapture.create(
            { ...FULL, maxBytes },
            'response',
            'text/event-stream',
          );
          for (let at = 0; at < bytes.length; at += chunk) {
            captured.add(bytes.subarray(at, at + chunk));
          }
          const kept = captured.finish();
          const text = kept?.text ?? '';
          expect(body.startsWith(text)).toBe(true);
          expect(kept?.bytes).toBe(bytes.length);
          expect(kept?.truncated).toBe(text !== body);
          // No more than the last character is missing from what would have fitted.
          expect(Buffer.byteLength(text)).toBeLessThanOrEqual(maxBytes);
          expect(Buffer.byteLength(text)).toBeGreaterThan(
            Math.min(maxBytes, bytes.length) - 4,
          );
        },
      ),
    );
  });

  it('never keeps more than its bytes of a text that is not UTF-8', () => {
    const body = Buffer.alloc(100, 0xff);
    const kept = capture(FULL, body);
    expect(Buffer.byteLength(kept?.text ?? '')).toBeLessThanOrEqual(64);
    expect(kept).toMatchObject({ bytes: 100, truncated: true });
  });

  it.each([undefined, 'audio/mpeg', 'multipart/form-data; boundary=x'])(
    'keeps no text of %p',
    contentType => {
      const captured = BodyCapture.create(FULL, 'request', contentType);
      captured.add(Buffer.from('hello'));
      expect(captured.finish()).toEqual({
        bytes: 5,
        text: null,
        truncated: false,
      });
    },
  );

  it('keeps no secret of an API key, wherever the cut falls', () => {
    const { apiKey } = generateApiKey();
    const secret = apiKey.split('_')[2];
    for (let maxBytes = 20; maxBytes < 120; maxBytes++) {
      const kept = capture({ ...FULL, maxBytes }, `{"content":"${apiKey}"}`);
      expect(kept?.text).not.toContain(secret.slice(0, 6));
    }
  });

  it('keeps what the redactor makes of the text, within its bytes', () => {
    const redact = (text: string, direction: string) =>
      `${direction}:${text.replaceAll('Ada', 'NAME'.repeat(40))}`;
    const kept = capture({ ...FULL, redact }, 'Hello Ada');
    expect(kept?.text).toBe(`request:Hello ${'NAME'.repeat(12)}NA`);
  });

  it('keeps no text when the redactor fails', () => {
    const redact = () => {
      throw new Error('broken');
    };
    expect(capture({ ...FULL, redact }, 'secret')).toEqual({
      bytes: 6,
      text: null,
      truncated: false,
    });
  });
});
