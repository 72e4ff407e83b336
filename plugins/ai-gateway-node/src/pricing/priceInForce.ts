import type { PriceRates } from './cost';

/** A price and when it starts. @public */
export interface EffectivePrice {
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly effectiveFrom: number;
  readonly rates: PriceRates;
}

/**
 * The price in force at a moment: the one that started last, at or before it.
 *
 * @param prices - of one deployment, by start, earliest first
 * @param at - milliseconds since the epoch
 * @returns `undefined` before the first one starts
 * @public
 */
export function priceInForce<T extends EffectivePrice>(
  prices: readonly T[],
  at: number,
): T | undefined {
  for (let i = prices.length - 1; i >= 0; i--) {
    if (prices[i].effectiveFrom <= at) return prices[i];
  }
  return undefined;
}
