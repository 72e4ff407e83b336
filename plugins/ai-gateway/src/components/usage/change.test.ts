import fc from 'fast-check';
import { changeOf, changeOfMeasure, formatChange } from './change';

const shown = (current: bigint, previous: bigint) =>
  formatChange(changeOf(current, previous), 'en-US');

it.each([
  [112n, 100n, '+12%'],
  [97n, 100n, '-3%'],
  [0n, 100n, '-100%'],
  [1_005n, 1_000n, '+0.5%'],
  [10_001n, 10_000n, 'no change'],
  [100n, 100n, 'no change'],
  [2_500n, 100n, '×25'],
  [5n, 0n, 'none before'],
  [0n, 0n, 'nothing to compare'],
])('shows %s after %s as %s', (current, previous, text) => {
  expect(shown(current, previous)).toBe(text);
});

it('says nothing of a measurement that is missing', () => {
  expect(changeOfMeasure(null, 100)).toEqual({ kind: 'none' });
  expect(changeOfMeasure(100, null)).toEqual({ kind: 'none' });
  expect(changeOfMeasure(150, 100)).toEqual({ kind: 'ratio', ratio: 0.5 });
});

it('has the sign of the difference, however large the amounts', () => {
  const amount = fc.bigInt({ min: 1n, max: 10n ** 24n });
  fc.assert(
    fc.property(amount, amount, (current, previous) => {
      const change = changeOf(current, previous);
      const ratio = change.kind === 'ratio' ? change.ratio : NaN;
      expect(current >= previous ? ratio : -ratio).toBeGreaterThanOrEqual(0);
    }),
  );
});
