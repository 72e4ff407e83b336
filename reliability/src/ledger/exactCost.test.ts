import { exactCost } from './exactCost';

describe('exactCost', () => {
  it('rounds once, half up, to the nano-dollar', () => {
    const cost = (input: bigint) =>
      exactCost(
        { promptTokens: 1, completionTokens: 0 },
        { input, output: 0n },
      );
    expect(cost(1_499_999n)).toBe(1n);
    expect(cost(1_500_000n)).toBe(2n);
    expect(
      exactCost(
        { promptTokens: 1, completionTokens: 1 },
        { input: 250_000n, output: 250_000n },
      ),
    ).toBe(1n);
  });
});
