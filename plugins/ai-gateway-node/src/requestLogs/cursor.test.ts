import { InputError } from '@backstage/errors';
import fc from 'fast-check';
import { decodeCursor, encodeCursor } from './cursor';

describe('cursor', () => {
  it('comes back as it was', () => {
    fc.assert(
      fc.property(
        fc.maxSafeNat(),
        fc.string({ unit: 'grapheme' }),
        (occurredAt, requestId) => {
          const cursor = { occurredAt, requestId };
          expect(decodeCursor(encodeCursor(cursor))).toEqual(cursor);
        },
      ),
    );
  });

  it.each(['', 'x', '!!!', 'W10', 'bnVsbA', 'WyIxIiwieCJd', 'WzEuNSwieCJd'])(
    'refuses %p',
    text => {
      expect(() => decodeCursor(text)).toThrow(InputError);
    },
  );
});
