import type { UsageFigures } from '@ai-gateway/backstage-plugin-ai-gateway-common';
import { nanoToUsd } from '@ai-gateway/backstage-plugin-ai-gateway-common';
import fc from 'fast-check';
import {
  amountOf,
  shareOf,
  sumFigures,
  tokensIn,
  tokensOut,
  USAGE_METRICS,
} from './figures';

const tokens = {
  input: 1,
  cachedInput: 20,
  cacheWrite: 300,
  output: 4_000,
  reasoning: 50_000,
  audio: 600_000,
  image: 7_000_000,
};
const count = fc.nat({ max: 1_000_000 });
const figures: fc.Arbitrary<UsageFigures> = fc.record({
  requests: count,
  errors: count,
  tokens: fc.record({
    input: count,
    cachedInput: count,
    cacheWrite: count,
    output: count,
    reasoning: count,
    audio: count,
    image: count,
  }),
  costUsd: fc.bigInt({ min: 0n, max: 10n ** 21n }).map(nanoToUsd),
  latencyMs: fc.option(fc.double({ min: 0, max: 1e6, noNaN: true })),
  timeToFirstTokenMs: fc.constant(null),
});

it('counts audio and images, and cached input, as tokens in', () => {
  expect(tokensIn(tokens)).toBe(7_600_321);
  expect(tokensOut(tokens)).toBe(54_000);
});

it('sums every metric exactly', () => {
  fc.assert(
    fc.property(fc.array(figures, { maxLength: 20 }), parts => {
      for (const metric of USAGE_METRICS) {
        expect(amountOf(metric, sumFigures(parts))).toBe(
          parts.reduce((sum, part) => sum + amountOf(metric, part), 0n),
        );
      }
    }),
  );
});

it('weighs means by requests and knows none where there were no requests', () => {
  const one = (requests: number, latencyMs: number | null) => ({
    ...sumFigures([]),
    requests,
    latencyMs,
  });
  expect(sumFigures([]).latencyMs).toBeNull();
  expect(sumFigures([one(0, null)]).latencyMs).toBeNull();
  expect(sumFigures([one(3, 100), one(1, 500), one(0, null)]).latencyMs).toBe(
    200,
  );
});

it('knows no share of nothing', () => {
  expect(shareOf(0n, 0n)).toBeNull();
  expect(shareOf(1n, 3n)).toBe(0.333);
  expect(shareOf(10n ** 30n, 10n ** 30n)).toBe(1);
});
