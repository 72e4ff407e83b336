import {
  nanoToUsd,
  type Price,
  type PriceAmounts,
} from '@ai-gateway/backstage-plugin-ai-gateway-common';
import type { PriceRates } from '@ai-gateway/backstage-plugin-ai-gateway-node';
import type { PricePeriod } from '../database/prices/PriceStore';

/** Amounts as the API writes them. */
export function renderAmounts(rates: PriceRates): PriceAmounts {
  const optional = (nanoUsd: bigint | null) =>
    nanoUsd === null ? null : nanoToUsd(nanoUsd);
  return {
    input: nanoToUsd(rates.input),
    output: nanoToUsd(rates.output),
    cachedInput: optional(rates.cachedInput),
    cacheWrite: optional(rates.cacheWrite),
    reasoning: optional(rates.reasoning),
    audio: optional(rates.audio),
    image: optional(rates.image),
    perRequest: optional(rates.perRequest),
  };
}

/**
 * A price as the API writes it.
 *
 * @param now - milliseconds since the epoch
 */
export function renderPrice(price: PricePeriod, now: number): Price {
  return {
    id: price.id,
    deploymentId: price.deploymentId,
    effectiveFrom: price.effectiveFrom.toISOString(),
    effectiveUntil: price.effectiveUntil?.toISOString() ?? null,
    state: stateOf(price, now),
    amounts: renderAmounts(price.rates),
    note: price.note,
    createdAt: price.createdAt.toISOString(),
    createdBy: price.createdBy,
  };
}

function stateOf(price: PricePeriod, now: number): Price['state'] {
  if (price.effectiveFrom.getTime() > now) return 'scheduled';
  return price.effectiveUntil && price.effectiveUntil.getTime() <= now
    ? 'past'
    : 'current';
}
