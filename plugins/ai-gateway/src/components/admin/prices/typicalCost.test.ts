import {
  nanoToUsd,
  usdToNano,
} from '@ai-gateway/backstage-plugin-ai-gateway-common';
import fc from 'fast-check';
import { typicalCost } from './typicalCost';

const cost = (
  input: string,
  output: string,
  perRequest: string | null = null,
) => typicalCost({ input, output, perRequest });

it('costs 1,000 tokens in and 500 out', () => {
  expect(cost('2.5', '10')).toBe('0.0075');
  expect(cost('0.15', '0.6')).toBe('0.00045');
  expect(cost('0', '0')).toBe('0');
  expect(cost('1000000', '1000000')).toBe('1500');
});

it('adds what a request costs by itself', () => {
  expect(cost('2.5', '10', '0.01')).toBe('0.0175');
  expect(cost('2.5', '10', ' ')).toBe('0.0075');
});

it('rounds half a nano-dollar up, once', () => {
  // 1,000 × 0.0000005 $/M is exactly half a nano-dollar.
  expect(cost('0.0000005', '0')).toBe('0.000000001');
  expect(cost('0.000000499', '0')).toBe('0');
  // Each half alone would be rounded up; together they are one.
  expect(cost('0.0000005', '0.000001')).toBe('0.000000001');
});

it('is never off by more than half a nano-dollar', () => {
  const amount = fc.bigInt({ min: 0n, max: 10n ** 15n });
  fc.assert(
    fc.property(amount, amount, (input, output) => {
      const exactTimesMillion = 1_000n * input + 500n * output;
      const shown = usdToNano(cost(nanoToUsd(input), nanoToUsd(output)) ?? '');
      const off = shown * 1_000_000n - exactTimesMillion;
      expect(off > -500_000n && off <= 500_000n).toBe(true);
    }),
  );
});

it.each(['', 'free', '1,5', '1e3', '0.0000000001'])(
  'knows no cost while %p is entered',
  text => {
    expect(cost(text, '1')).toBeUndefined();
    expect(cost('1', text)).toBeUndefined();
  },
);
