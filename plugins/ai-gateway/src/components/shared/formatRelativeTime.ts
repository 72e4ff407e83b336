const UNITS = [
  ['year', 365 * 86_400],
  ['month', 30 * 86_400],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
] as const;

/**
 * How long ago or how far ahead, in the largest unit that fits; below a minute it is now.
 *
 * @param at - milliseconds since the epoch
 * @param now - milliseconds since the epoch
 * @param locale - a BCP 47 tag; the reader's own when left out
 */
export function formatRelativeTime(
  at: number,
  now: number,
  locale?: string,
): string {
  const format = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
  const seconds = (at - now) / 1000;
  for (const [unit, size] of UNITS) {
    if (Math.abs(seconds) >= size) {
      return format.format(Math.trunc(seconds / size), unit);
    }
  }
  return format.format(0, 'second');
}
