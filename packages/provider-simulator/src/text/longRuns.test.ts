import fc from 'fast-check';
import { countableParts } from './longRuns';

describe('countableParts', () => {
  it('leaves ordinary text whole', () => {
    const text = 'A sentence of ordinary words. '.repeat(100);
    expect([...countableParts(text)]).toEqual([text]);
    expect([...countableParts('')]).toEqual([]);
  });

  it.each(['a', ' ', '=', '語', '🧿'])(
    'cuts a run of %j into parts without losing or splitting a character',
    unit => {
      const text = `before ${unit.repeat(10_000)} after`;
      const parts = [...countableParts(text)];
      expect(parts.join('')).toBe(text);
      for (const part of parts) expect(part.length).toBeLessThanOrEqual(257);
      expect(parts.join('\0')).not.toMatch(/[\uD800-\uDBFF]\0/);
    },
  );

  it('takes runs of many megabytes', () => {
    let length = 0;
    for (const part of countableParts('a'.repeat(20_000_000)))
      length += part.length;
    expect(length).toBe(20_000_000);
  });

  it('joins to the text, whatever it is', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.tuple(fc.string({ unit: 'grapheme', minLength: 1 }), fc.nat(400)),
        ),
        repeats => {
          const text = repeats
            .map(([unit, times]) => unit.repeat(times))
            .join('');
          expect([...countableParts(text)].join('')).toBe(text);
        },
      ),
    );
  });
});
