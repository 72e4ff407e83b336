/** A bucket of a report. */
interface Bucket {
  readonly start: string;
  readonly end: string;
}

/** Writes when a bucket is. */
export interface BucketLabels {
  /** For an axis: `14:00`, or the day at midnight and for whole days; `31 Jan, 14:00` where hours of more than a day are shown. */
  short(bucket: Bucket): string;
  /** For a heading: `Thu, Jan 31, 2030, 14:00–15:00`. */
  long(bucket: Bucket): string;
}

const HOURS_OF_A_DAY = 24;

/**
 * @param size - of the buckets
 * @param count - how many there are
 * @param timeZone - whose days: an IANA zone
 * @param locale - a BCP 47 tag; the reader's own when left out
 */
export function bucketLabels(
  size: 'hour' | 'day',
  count: number,
  timeZone: string,
  locale?: string,
): BucketLabels {
  const day = new Intl.DateTimeFormat(locale, {
    timeZone,
    month: 'short',
    day: 'numeric',
  });
  const time = new Intl.DateTimeFormat(locale, {
    timeZone,
    hour: 'numeric',
    minute: '2-digit',
  });
  const dayAndTime = new Intl.DateTimeFormat(locale, {
    timeZone,
    month: 'short',
    day: 'numeric',
    hour: 'numeric',
    minute: '2-digit',
  });
  const hourOfDay = new Intl.DateTimeFormat('en', {
    timeZone,
    hour: 'numeric',
    hourCycle: 'h23',
  });
  const date = new Intl.DateTimeFormat(locale, {
    timeZone,
    weekday: 'short',
    year: 'numeric',
    month: 'short',
    day: 'numeric',
  });

  return {
    short({ start }) {
      const at = new Date(start);
      if (size === 'day' || Number(hourOfDay.format(at)) === 0) {
        return day.format(at);
      }
      return (count > HOURS_OF_A_DAY ? dayAndTime : time).format(at);
    },
    long({ start, end }) {
      const [from, to] = [new Date(start), new Date(end)];
      return size === 'day'
        ? date.format(from)
        : `${date.format(from)}, ${time.formatRange(from, to)}`;
    },
  };
}

/** The days that a span touches, for people: `Jan 25 – 31, 2030`. */
export function formatSpan(
  span: { from: string; to: string },
  timeZone: string,
  locale?: string,
): string {
  return new Intl.DateTimeFormat(locale, {
    timeZone,
    year: 'numeric',
    month: 'short',
    day: 'numeric',
  }).formatRange(
    new Date(span.from),
    // The end is excluded.
    new Date(Date.parse(span.to) - 1),
  );
}
