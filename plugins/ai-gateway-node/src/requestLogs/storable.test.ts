import fc from 'fast-check';
import { storableText } from './storable';

describe('storableText', () => {
  it('replaces NUL and halves of pairs, one for one', () => {
    expect(storableText('a\u0000b\uD800c\uDC00\uDC00')).toBe(
      'a\uFFFDb\uFFFDc\uFFFD\uFFFD',
    );
  });

  it('leaves every other text as it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), text => {
        expect(storableText(text)).toBe(text.replaceAll('\u0000', '\uFFFD'));
      }),
    );
    expect(storableText(null)).toBeNull();
    expect(storableText('')).toBe('');
  });

  it('makes any sequence of code units survive UTF-8', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 0xffff })), units => {
        const text = storableText(String.fromCharCode(...units));
        expect(Buffer.from(text).toString()).toBe(text);
        expect(text).toHaveLength(units.length);
      }),
    );
  });
});
