import {
  nanoToUsd,
  USD_FRACTION_DIGITS,
  usdToNano,
} from '@ai-gateway/backstage-plugin-ai-gateway-common';

/**
 * A price for people: every digit that it has, and cents at least (`$0.175`, `$2.00`).
 *
 * @param usd - an exact decimal of dollars, as the API sends it
 * @param locale - a BCP 47 tag; the reader's own when left out
 */
export function formatPrice(usd: string, locale?: string): string {
  return new Intl.NumberFormat(locale, {
    style: 'currency',
    currency: 'USD',
    minimumFractionDigits: 2,
    maximumFractionDigits: USD_FRACTION_DIGITS,
    // A decimal string keeps its exactness; `number` would not. The cast only widens the library's literal type.
  }).format(nanoToUsd(usdToNano(usd)) as `${number}`);
}
