/**
 * A count for people: exact below ten thousand, then compact with three significant digits (`1.24M`).
 *
 * @param count - tokens, requests or any other whole count
 * @param locale - a BCP 47 tag; the reader's own when left out
 * @public
 */
export function formatCount(count: number, locale?: string): string {
  return new Intl.NumberFormat(
    locale,
    Math.abs(count) < 10_000
      ? {}
      : { notation: 'compact', maximumSignificantDigits: 3 },
  ).format(count);
}
