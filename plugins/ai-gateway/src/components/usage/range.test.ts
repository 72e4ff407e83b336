import {
  MAX_USAGE_BUCKETS,
  usageQuerySchema,
} from '@ai-gateway/backstage-plugin-ai-gateway-common';
import fc from 'fast-check';
import { DateTime } from 'luxon';
import {
  daysOfSpan,
  resolveRange,
  USAGE_RANGES,
  type UsageRange,
} from './range';

const NOW = Date.parse('2030-03-31T10:20:30Z');
const BERLIN = 'Europe/Berlin';
const choose = (range: UsageRange, firstDay = '', lastDay = '') => ({
  range,
  firstDay,
  lastDay,
});
const spanOf = (range: UsageRange, now = NOW, zone = 'UTC') => {
  const resolved = resolveRange(choose(range), now, zone);
  if (!resolved.ok) throw new RangeError(resolved.problem);
  return resolved.span;
};

describe('resolveRange', () => {
  it('takes the running hour and the 23 before', () => {
    expect(spanOf('24h')).toEqual({
      from: '2030-03-30T11:00:00.000Z',
      to: '2030-03-31T11:00:00.000Z',
      bucket: 'hour',
      includesNow: true,
    });
  });

  it("takes today and the six days before, as the reader's zone has them", () => {
    expect(spanOf('7d', NOW, BERLIN)).toEqual({
      // Summer time begins on the 31st: midnight of the 25th is still at 23:00 UTC.
      from: '2030-03-24T23:00:00.000Z',
      to: '2030-03-31T11:00:00.000Z',
      bucket: 'day',
      includesNow: true,
    });
  });

  it('takes this month by day, even on its first', () => {
    expect(spanOf('month', Date.parse('2030-04-01T00:30:00Z'))).toEqual({
      from: '2030-04-01T00:00:00.000Z',
      to: '2030-04-01T01:00:00.000Z',
      bucket: 'day',
      includesNow: true,
    });
  });

  it('takes whole days of a custom span in the past', () => {
    expect(
      resolveRange(choose('custom', '2030-02-01', '2030-02-28'), NOW, BERLIN),
    ).toEqual({
      ok: true,
      span: {
        from: '2030-01-31T23:00:00.000Z',
        to: '2030-02-28T23:00:00.000Z',
        bucket: 'day',
        includesNow: false,
      },
    });
  });

  it('ends a custom span that reaches today with the running hour, and shows hours of up to three days', () => {
    expect(
      resolveRange(choose('custom', '2030-03-30', '2030-04-01'), NOW, 'UTC'),
    ).toEqual({
      ok: true,
      span: {
        from: '2030-03-30T00:00:00.000Z',
        to: '2030-03-31T11:00:00.000Z',
        bucket: 'hour',
        includesNow: true,
      },
    });
  });

  it.each([
    ['', '2030-03-01', 'Enter a first and a last day'],
    ['2030-02-30', '2030-03-01', 'Enter a first and a last day'],
    ['2030-03-02', '2030-03-01', 'The first day must not be after the last'],
    ['2030-04-01', '2030-04-02', 'The first day is in the future'],
    ['2020-01-01', '2030-03-01', 'Choose at most 800 days'],
  ])('refuses %s to %s', (firstDay, lastDay, problem) => {
    expect(
      resolveRange(choose('custom', firstDay, lastDay), NOW, 'UTC'),
    ).toEqual({ ok: false, problem: expect.stringContaining(problem) });
  });

  it('gives spans that the endpoint takes, that contain now and start with a bucket', () => {
    const zones = fc.constantFrom(
      'UTC',
      BERLIN,
      'Asia/Kolkata',
      'America/St_Johns',
      'Pacific/Apia',
    );
    const moments = fc.integer({
      min: Date.parse('2024-01-01'),
      max: Date.parse('2035-01-01'),
    });
    const ranges = fc.constantFrom(
      ...USAGE_RANGES.filter(range => range !== 'custom'),
    );
    fc.assert(
      fc.property(ranges, moments, zones, (range, now, zone) => {
        const { from, to, bucket } = spanOf(range, now, zone);
        expect(usageQuerySchema.safeParse({ from, to, bucket }).success).toBe(
          true,
        );
        expect(Date.parse(from)).toBeLessThan(now);
        expect(Date.parse(to)).toBeGreaterThan(now);
        const start = DateTime.fromISO(from, {
          zone: bucket === 'day' ? zone : 'UTC',
        });
        expect(start.startOf(bucket).toMillis()).toBe(start.toMillis());
        expect(
          DateTime.fromISO(to).diff(start, bucket).as(bucket),
        ).toBeLessThanOrEqual(MAX_USAGE_BUCKETS);
      }),
    );
  });

  it('does not move within an hour, so that refreshing asks the same again', () => {
    const start = Date.parse('2030-03-31T10:00:00Z');
    for (const zone of ['UTC', 'Asia/Kolkata']) {
      expect(spanOf('30d', start + 3_599_999, zone)).toEqual(
        spanOf('30d', start, zone),
      );
    }
  });
});

describe('daysOfSpan', () => {
  it('names the first and the last day, included', () => {
    expect(daysOfSpan(spanOf('7d', NOW, BERLIN), BERLIN)).toEqual({
      firstDay: '2030-03-25',
      lastDay: '2030-03-31',
    });
  });
});
