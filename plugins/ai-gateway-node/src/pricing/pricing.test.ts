import { TOKEN_CLASSES } from '@ai-gateway/backstage-plugin-ai-gateway-common';
import fc from 'fast-check';
import { costOf, NO_TOKENS, type PriceRates } from './cost';
import { priceInForce } from './priceInForce';

const rates: PriceRates = {
  input: 150_000_000n,
  output: 600_000_000n,
  cachedInput: 75_000_000n,
  cacheWrite: null,
  reasoning: null,
  audio: null,
  image: null,
  perRequest: null,
};

describe('costOf', () => {
  it('is tokens times the price of their class', () => {
    expect(costOf({ ...NO_TOKENS, input: 1000, output: 500 }, rates)).toBe(
      450_000n,
    );
  });

  it('charges a class without a price of its own as the one it belongs to', () => {
    const million = 1_000_000;
    expect(costOf({ ...NO_TOKENS, reasoning: million }, rates)).toBe(
      rates.output,
    );
    for (const tokenClass of ['cacheWrite', 'audio', 'image'] as const) {
      expect(costOf({ ...NO_TOKENS, [tokenClass]: million }, rates)).toBe(
        rates.input,
      );
    }
    expect(costOf({ ...NO_TOKENS, cachedInput: million }, rates)).toBe(
      rates.cachedInput,
    );
  });

  it('charges nothing for a class whose price is zero', () => {
    expect(
      costOf({ ...NO_TOKENS, cachedInput: 5 }, { ...rates, cachedInput: 0n }),
    ).toBe(0n);
  });

  it('adds the price of the request once', () => {
    expect(costOf(NO_TOKENS, { ...rates, perRequest: 7n })).toBe(7n);
  });

  it.each([
    [499_999n, 0n],
    [500_000n, 1n],
    [1_499_999n, 1n],
    [1_500_000n, 2n],
  ])('rounds half up: %s millionths are %s nano-dollars', (input, cost) => {
    expect(costOf({ ...NO_TOKENS, input: 1 }, { ...rates, input })).toBe(cost);
  });

  const amount = fc.bigInt({ min: 0n, max: 10n ** 15n });
  const anyRates = fc.record({
    input: amount,
    output: amount,
    cachedInput: fc.option(amount),
    cacheWrite: fc.option(amount),
    reasoning: fc.option(amount),
    audio: fc.option(amount),
    image: fc.option(amount),
    perRequest: fc.option(amount),
  });
  const anyTokens = fc.record(
    Object.fromEntries(
      TOKEN_CLASSES.map(name => [name, fc.nat(2_000_000_000)]),
    ) as Record<(typeof TOKEN_CLASSES)[number], fc.Arbitrary<number>>,
  );

  it('rounds once: the sum over the classes is off by less than one nano-dollar each', () => {
    fc.assert(
      fc.property(anyTokens, anyRates, (tokens, price) => {
        const whole = costOf(tokens, { ...price, perRequest: null });
        const apart = TOKEN_CLASSES.reduce(
          (sum, name) =>
            sum +
            costOf(
              { ...NO_TOKENS, [name]: tokens[name] },
              { ...price, perRequest: null },
            ),
          0n,
        );
        const difference = whole > apart ? whole - apart : apart - whole;
        expect(difference).toBeLessThan(BigInt(TOKEN_CLASSES.length));
      }),
    );
  });

  it('never falls when there are more tokens', () => {
    fc.assert(
      fc.property(
        anyTokens,
        anyRates,
        fc.constantFrom(...TOKEN_CLASSES),
        (tokens, price, name) => {
          expect(
            costOf({ ...tokens, [name]: tokens[name] + 1 }, price),
          ).toBeGreaterThanOrEqual(costOf(tokens, price));
        },
      ),
    );
  });
});

describe('priceInForce', () => {
  const prices = [1000, 2000].map(effectiveFrom => ({
    id: String(effectiveFrom),
    effectiveFrom,
    rates,
  }));

  it.each([
    [999, undefined],
    [1000, '1000'],
    [1999, '1000'],
    [2000, '2000'],
    [Number.MAX_SAFE_INTEGER, '2000'],
  ])('at %d is %s', (at, id) => {
    expect(priceInForce(prices, at)?.id).toBe(id);
  });
});
