import {
  priceInForce,
  type PriceRates,
} from '@ai-gateway/backstage-plugin-ai-gateway-node';
import type { Deployment } from '../snapshot/Snapshot';

/** A model, as far as its prices go. */
export interface PricedModel {
  readonly deployments: readonly Pick<Deployment, 'prices'>[];
}

const FREE: PriceRates = Object.freeze({
  input: 0n,
  output: 0n,
  cachedInput: null,
  cacheWrite: null,
  reasoning: null,
  audio: null,
  image: null,
  perRequest: null,
});

/**
 * What a request to a model is expected to be billed by. Which of its deployments will answer is not known yet: of each rate, the highest
 * of them is expected.
 *
 * @param at - milliseconds since the epoch
 */
export function ratesOf({ deployments }: PricedModel, at: number): PriceRates {
  let highest: PriceRates | null = null;
  for (const { prices } of deployments) {
    const rates = priceInForce(prices, at)?.rates;
    if (!rates) continue;
    highest = highest === null ? rates : higher(highest, rates);
  }
  return highest ?? FREE;
}

function higher(a: PriceRates, b: PriceRates): PriceRates {
  const max = (x: bigint, y: bigint) => (x > y ? x : y);
  return {
    ...FREE,
    input: max(a.input, b.input),
    output: max(
      max(a.output, b.output),
      max(a.reasoning ?? 0n, b.reasoning ?? 0n),
    ),
    perRequest: max(a.perRequest ?? 0n, b.perRequest ?? 0n),
  };
}
