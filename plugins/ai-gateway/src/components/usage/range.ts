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

/** Spans of up to this many days show hours. */
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
  const moment = DateTime.fromMillis(now, { zone });
  const endOfHour = moment.startOf('hour').plus({ hours: 1 });
  const span = (from: DateTime, to: DateTime) => ({
    ok: true as const,
    span: {
      from: utc(from),
      to: utc(to),
      bucket:
        to.diff(from, 'days').days <= MOST_DAYS_BY_HOUR
          ? ('hour' as const)
          : ('day' as const),
      includesNow: to.toMillis() > now,
    },
  });

  switch (choice.range) {
    case '24h':
      return span(endOfHour.minus({ hours: 24 }), endOfHour);
    case '7d':
    case '30d':
    case '90d': {
      const days = Number.parseInt(choice.range, 10);
      return span(moment.startOf('day').minus({ days: days - 1 }), endOfHour);
    }
    case 'month': {
      const { span: month } = span(moment.startOf('month'), endOfHour);
      // One name, one grain: the first days of a month are days too.
      return { ok: true, span: { ...month, bucket: 'day' } };
    }
    case 'custom': {
      const first = readDay(choice.firstDay, zone);
      const last = readDay(choice.lastDay, zone);
      if (!first || !last) return refuse('Enter a first and a last day');
      if (first > last) {
        return refuse('The first day must not be after the last day');
      }
      if (first > moment) return refuse('The first day is in the future');
      if (last.diff(first, 'days').days >= MAX_USAGE_BUCKETS) {
        return refuse(`Choose at most ${MAX_USAGE_BUCKETS} days`);
      }
      return span(first, DateTime.min(last.plus({ days: 1 }), endOfHour));
    }
    default:
      throw new RangeError(`No such range: ${choice.range satisfies never}`);
  }
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
