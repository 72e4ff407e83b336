import { nanoToUsd, usdToNano } from '../money';

/**
 * Dollars for people: at least two significant digits however small the amount (`$0.00031`), cents from ten cents on.
 *
 * Display only. Never parse what this returns.
 *
 * @param usd - an exact decimal of dollars, as the API sends it
 * @param locale - a BCP 47 tag; the reader's own when left out
 * @public
 */
export function formatUsd(usd: string, locale?: string): string {
  const nanoUsd = usdToNano(usd);
  const fraction = fractionDigits(nanoUsd < 0n ? -nanoUsd : nanoUsd);
  return new Intl.NumberFormat(locale, {
    style: 'currency',
    currency: 'USD',
    minimumFractionDigits: Math.min(2, fraction),
    maximumFractionDigits: fraction,
    // A decimal string keeps its exactness; `number` would not. The cast only widens the library's literal type.
  }).format(nanoToUsd(nanoUsd) as `${number}`);
}

function fractionDigits(magnitude: bigint): number {
  if (magnitude === 0n || magnitude >= 100_000_000n) return 2;
  const leadingZeros = 9 - magnitude.toString().length;
  return Math.min(9, leadingZeros + 2);
}
