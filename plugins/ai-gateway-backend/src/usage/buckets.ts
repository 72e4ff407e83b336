import { DateTime } from 'luxon';

const HOUR = 3_600_000;

/** One bucket of a report, in milliseconds since the epoch. */
export interface Bucket {
  /** Included. */
  readonly start: number;
  /** Excluded. */
  readonly end: number;
}

/**
 * Cuts a span into the hours or days of a time zone. The first and the last one are cut where the span is.
 *
 * Days begin where the zone's calendar says: one of them has 23 or 25 hours where clocks change.
 *
 * @param from - milliseconds since the epoch, included
 * @param to - milliseconds since the epoch, excluded, after `from`
 * @param limit - stop there: more buckets than that are of no use to the caller
 */
export function bucketsOf(
  from: number,
  to: number,
  unit: 'hour' | 'day',
  timeZone: string,
  limit: number,
): Bucket[] {
  const buckets: Bucket[] = [];
  let start = from;
  while (start < to && buckets.length < limit) {
    const end = Math.min(nextBoundary(start, unit, timeZone), to);
    buckets.push({ start, end });
    start = end;
  }
  return buckets;
}

function nextBoundary(
  at: number,
  unit: 'hour' | 'day',
  timeZone: string,
): number {
  const local = DateTime.fromMillis(at, { zone: timeZone });
  if (unit === 'day') {
    const next = local.startOf('day').plus({ days: 1 }).startOf('day');
    return next.toMillis();
  }
  // In zones whose offset is not whole hours, hours begin at another minute; where clocks change, an hour comes twice, and both count.
  return (
    at -
    (local.minute * 60_000 + local.second * 1000 + local.millisecond) +
    HOUR
  );
}

/** The whole UTC hour in which a moment lies: usage is kept by such hours. */
export function hourOf(at: number): number {
  return Math.floor(at / HOUR) * HOUR;
}

/**
 * The whole UTC hours that count to a span: from the one in which it begins up to, and without, the one in which it ends, so that spans side
 * by side neither share an hour nor lose one. Only a span that ends within the running hour has that one too, or whoever asks for usage up
 * to now would miss the newest.
 *
 * @param now - milliseconds since the epoch
 */
export function hoursOf(
  span: Bucket,
  now: number,
): { from: number; until: number } {
  const last = hourOf(span.end);
  const endsInRunningHour = last === hourOf(now) && span.end > last;
  return {
    from: hourOf(span.start),
    until: endsInRunningHour ? last + HOUR : last,
  };
}
