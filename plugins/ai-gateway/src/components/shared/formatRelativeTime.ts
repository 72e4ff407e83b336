const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** From how many seconds on a unit is used, and how many it has. Days go far, because a key that lasts 60 days is not one for 2 months. */
const UNITS = [
  { unit: 'year', from: 730 * DAY, size: 365 * DAY },
  { unit: 'month', from: 91 * DAY, size: 30 * DAY },
  { unit: 'day', from: DAY, size: DAY },
  { unit: 'hour', from: HOUR, size: HOUR },
  { unit: 'minute', from: MINUTE, size: MINUTE },
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
  const seconds = Math.round((at - now) / 1000);
  const fitting = UNITS.find(({ from }) => Math.abs(seconds) >= from);
  if (!fitting) {
    return new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }).format(
      0,
      'second',
    );
  }
  const { unit, size } = fitting;
  return new Intl.RelativeTimeFormat(locale).format(
    Math.round(seconds / size),
    unit,
  );
}
