/**
 * A latency for people: milliseconds below ten seconds, seconds above.
 *
 * @param milliseconds - a duration in milliseconds
 * @param locale - a BCP 47 tag; the reader's own when left out
 * @public
 */
export function formatLatency(milliseconds: number, locale?: string): string {
  const seconds = milliseconds >= 10_000;
  return new Intl.NumberFormat(locale, {
    style: 'unit',
    unit: seconds ? 'second' : 'millisecond',
    maximumFractionDigits: seconds ? 1 : 0,
  }).format(seconds ? milliseconds / 1000 : milliseconds);
}
