import fc from 'fast-check';
import { countTokens as referenceCount } from 'gpt-tokenizer/encoding/o200k_base';
import {
  countTokens,
  joinText,
  splitTokens,
  sumTokens,
  takeTokens,
} from './tokens';

const wellFormed = fc.string({ unit: 'grapheme', maxLength: 80 });

describe('countTokens', () => {
  it('counts as the tokenizer does, the second time too', () => {
    const text = 'How many tokens are in this sentence?';
    expect(countTokens(text)).toBe(referenceCount(text));
    expect(countTokens(text)).toBe(referenceCount(text));
  });

  it('takes what looks like a special token for ordinary text', () => {
    expect(countTokens('<|endoftext|>')).toBeGreaterThan(1);
  });
});

describe('splitTokens', () => {
  it('loses no character and no token, and escapes for JSON', () => {
    fc.assert(
      fc.property(wellFormed, text => {
        const pieces = splitTokens(text);
        expect(joinText(pieces)).toBe(text);
        expect(sumTokens(pieces)).toBe(countTokens(text));
        expect(
          JSON.parse(`"${pieces.map(piece => piece.json).join('')}"`),
        ).toBe(text);
      }),
    );
  });

  it('keeps the tokens of one character together', () => {
    expect(splitTokens('🧿').map(piece => piece.text)).toEqual(['🧿']);
  });
});

describe('takeTokens', () => {
  it('never takes more than the limit, and its text counts as many tokens as its pieces', () => {
    fc.assert(
      fc.property(wellFormed, fc.nat(40), (text, limit) => {
        const taken = takeTokens(splitTokens(text), limit);
        expect(sumTokens(taken)).toBeLessThanOrEqual(limit);
        expect(sumTokens(taken)).toBe(
          referenceCount(joinText(taken), { disallowedSpecial: new Set() }),
        );
      }),
    );
  });
});
