import { MAX_USAGE_BUCKETS } from '@ai-gateway/backstage-plugin-ai-gateway-common';
import { DateTime } from 'luxon';

/** The spans that a reader can choose. */
export const USAGE_RANGES = [
  '24h',
  '7d',
  '30d',
  '90d',
  'month',
  'custom',
] as const;

/** {@inheritDoc USAGE_RANGES} */
export type UsageRange = (typeof USAGE_RANGES)[number];

/** What a reader calls them. */
export const USAGE_RANGE_LABELS: Record<UsageRange, string> = {
  '24h': 'Last 24 hours',
  '7d': 'Last 7 days',
  '30d': 'Last 30 days',
  '90d': 'Last 90 days',
  month: 'This month',
  custom: 'Custom',
};

/** A choice of a span; the days count only for `custom`. */
export interface RangeChoice {
  readonly range: UsageRange;
  /** First day, `2030-01-31`. */
  readonly firstDay: string;
  /** Last day, included. */
  readonly lastDay: string;
}

/** A span of time as the usage endpoint takes it. */
export interface UsageSpan {
  /** Start, included. */
  readonly from: string;
  /** End, excluded. */
  readonly to: string;
  readonly bucket: 'hour' | 'day';
  /** Whether it still grows. */
  readonly includesNow: boolean;
}

/** Custom spans of up to this many days show hours. */
const MOST_DAYS_BY_HOUR = 3;

/**
 * When a chosen span starts and ends.
 *
 * It starts with a whole day or hour of the reader, so that no bucket is cut at the start, and a span that is still running ends with
 * the running hour: long enough that a request of this second is in it even where clocks differ a little, and short enough that the
 * span before is a fair comparison.
 *
 * @param now - milliseconds since the epoch
 * @param zone - whose days: an IANA zone
 * @returns or what is wrong with the days that were entered, for people
 */
export function resolveRange(
  choice: RangeChoice,
  now: number,
  zone: string,
): { ok: true; span: UsageSpan } | { ok: false; problem: string } {
  return choice.range === 'custom'
    ? customSpan(choice, now, zone)
    : { ok: true, span: spanUntilNow(choice.range, now, zone) };
}

/** A span that ends now; see {@link resolveRange}. */
export function spanUntilNow(
  range: Exclude<UsageRange, 'custom'>,
  now: number,
  zone: string,
): UsageSpan {
  const to = endOfHour(now, zone);
  const ending = (from: DateTime, bucket: 'hour' | 'day') => ({
    from: utc(from),
    to: utc(to),
    bucket,
    includesNow: true,
  });
  const moment = DateTime.fromMillis(now, { zone });
  switch (range) {
    case '24h':
      return ending(to.minus({ hours: 24 }), 'hour');
    case '7d':
    case '30d':
    case '90d': {
      const days = Number.parseInt(range, 10);
      return ending(moment.startOf('day').minus({ days: days - 1 }), 'day');
    }
    case 'month':
      return ending(moment.startOf('month'), 'day');
    default:
      throw new RangeError(`No such range: ${range satisfies never}`);
  }
}

function customSpan(
  { firstDay, lastDay }: RangeChoice,
  now: number,
  zone: string,
): ReturnType<typeof resolveRange> {
  const first = readDay(firstDay, zone);
  const last = readDay(lastDay, zone);
  if (!first || !last) return refuse('Enter a first and a last day');
  if (first > last) {
    return refuse('The first day must not be after the last day');
  }
  if (first.toMillis() > now) return refuse('The first day is in the future');
  const days = last.diff(first, 'days').days + 1;
  if (days > MAX_USAGE_BUCKETS) {
    return refuse(`Choose at most ${MAX_USAGE_BUCKETS} days`);
  }
  const to = DateTime.min(last.plus({ days: 1 }), endOfHour(now, zone));
  return {
    ok: true,
    span: {
      from: utc(first),
      to: utc(to),
      bucket: days <= MOST_DAYS_BY_HOUR ? 'hour' : 'day',
      includesNow: to.toMillis() > now,
    },
  };
}

/** Hours are those of UTC everywhere, as the ledger's are. */
function endOfHour(now: number, zone: string): DateTime {
  return DateTime.fromMillis(now, { zone: 'UTC' })
    .startOf('hour')
    .plus({ hours: 1 })
    .setZone(zone);
}

/** The days that a span covers, to begin a custom choice with. */
export function daysOfSpan(
  span: UsageSpan,
  zone: string,
): { firstDay: string; lastDay: string } {
  const from = DateTime.fromISO(span.from, { zone });
  const lastMoment = DateTime.fromISO(span.to, { zone }).minus(1);
  return { firstDay: day(from), lastDay: day(lastMoment) };
}

function readDay(text: string, zone: string): DateTime | undefined {
  const read = DateTime.fromFormat(text, 'yyyy-MM-dd', { zone });
  return read.isValid ? read.startOf('day') : undefined;
}

function day(moment: DateTime): string {
  return moment.toFormat('yyyy-MM-dd');
}

function utc(moment: DateTime): string {
  return new Date(moment.toMillis()).toISOString();
}

function refuse(problem: string): { ok: false; problem: string } {
  return { ok: false, problem };
}
