import type { PriceAmounts } from '@ai-gateway/backstage-plugin-ai-gateway-common';

/** One line of a price list. */
export interface PriceLine {
  label: string;
  /** An exact decimal of dollars. */
  usd: string;
  unit: 'per million tokens' | 'per request';
}

const TOKEN_LABELS = [
  ['input', 'Input'],
  ['cachedInput', 'Cached input'],
  ['cacheWrite', 'Cache write'],
  ['output', 'Output'],
  ['reasoning', 'Reasoning'],
  ['audio', 'Audio'],
  ['image', 'Image'],
] as const;

/** The amounts that a price names itself; a class without one costs what input or output costs, and has no line. */
export function priceLines(price: PriceAmounts): PriceLine[] {
  const lines: PriceLine[] = TOKEN_LABELS.flatMap(([tokenClass, label]) => {
    const usd = price[tokenClass];
    return usd === null ? [] : [{ label, usd, unit: 'per million tokens' }];
  });
  if (price.perRequest !== null) {
    lines.push({
      label: 'Request',
      usd: price.perRequest,
      unit: 'per request',
    });
  }
  return lines;
}
