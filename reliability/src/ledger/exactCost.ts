/** Nano-dollars for a million tokens. */
export interface Price {
  readonly input: bigint;
  readonly output: bigint;
}

/** As a provider tells it. */
export interface Usage {
  readonly promptTokens: number;
  readonly completionTokens: number;
}

/**
 * What a completion costs in nano-dollars, rounded half up.
 *
 * Written down here once more, and not taken from the gateway, so that the ledger is held against something of its own.
 */
export function exactCost(usage: Usage, price: Price): bigint {
  const millionths =
    BigInt(usage.promptTokens) * price.input +
    BigInt(usage.completionTokens) * price.output;
  const whole = millionths / 1_000_000n;
  return millionths % 1_000_000n >= 500_000n ? whole + 1n : whole;
}
