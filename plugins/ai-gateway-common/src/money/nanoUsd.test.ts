import fc from 'fast-check';
import { nanoToUsd, parseUsd, usdToNano } from './nanoUsd';

describe('exact money', () => {
  it('writes and reads every amount without loss', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }), nano => {
        expect(usdToNano(nanoToUsd(nano))).toBe(nano);
      }),
    );
  });

  it('adds as decimals add', () => {
    expect(nanoToUsd(usdToNano('0.1') + usdToNano('0.2'))).toBe('0.3');
  });

  it.each([
    ['0.00031', 310_000n],
    ['3', 3_000_000_000n],
    ['0.000000001', 1n],
    ['0.1000000000000', 100_000_000n],
    ['-2.5', -2_500_000_000n],
    [' 1 ', 1_000_000_000n],
  ])('reads %p', (text, nanoUsd) => {
    expect(parseUsd(text)).toEqual({ ok: true, nanoUsd });
  });

  it.each(['', '.', '.5', '5.', '1e3', '1,000', '$1', 'NaN', '--1', '0x1'])(
    'refuses %p',
    text => {
      expect(parseUsd(text)).toEqual({ ok: false, problem: 'not-a-decimal' });
    },
  );

  it('refuses what is finer than a nano-dollar', () => {
    expect(parseUsd('0.0000000001')).toEqual({
      ok: false,
      problem: 'too-precise',
    });
    expect(() => usdToNano('0.0000000001')).toThrow(RangeError);
  });
});
