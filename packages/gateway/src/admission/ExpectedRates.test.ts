import type { EffectivePrice } from '@ai-gateway/backstage-plugin-ai-gateway-node';
import fc from 'fast-check';
import { ExpectedRates } from './ExpectedRates';
import { ratesOf } from './ratesOf';

const price = (effectiveFrom: number, input: bigint): EffectivePrice => ({
  id: `${effectiveFrom}`,
  effectiveFrom,
  rates: {
    input,
    output: input * 2n,
    cachedInput: null,
    cacheWrite: null,
    reasoning: null,
    audio: null,
    image: null,
    perRequest: null,
  },
});

const prices = fc
  .uniqueArray(fc.nat(50), { maxLength: 4 })
  .map(starts =>
    starts.sort((a, b) => a - b).map(at => price(at, BigInt((at * 7) % 10))),
  );

describe('ExpectedRates', () => {
  it('follows the prices that are in force, whichever way time goes', () => {
    fc.assert(
      fc.property(
        fc.array(prices, { maxLength: 3 }),
        fc.array(fc.integer({ min: -5, max: 60 }), { minLength: 1 }),
        (ofDeployments, times) => {
          const model = {
            deployments: ofDeployments.map(one => ({ prices: one })),
          };
          const expected = new ExpectedRates(model);
          for (const at of times) {
            expect(expected.at(at)).toEqual(ratesOf(model, at));
          }
        },
      ),
    );
  });
});
