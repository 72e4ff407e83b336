import fc from 'fast-check';
import { bucketsOf, hoursOf } from './buckets';

const HOUR = 3_600_000;
const at = (iso: string) => Date.parse(iso);
const lengths = (buckets: Array<{ start: number; end: number }>) =>
  buckets.map(({ start, end }) => (end - start) / HOUR);

describe('bucketsOf', () => {
  it('begins days where the calendar of the zone does, with 23 and 25 hours where clocks change', () => {
    expect(
      lengths(
        bucketsOf(
          at('2026-03-28T00:00:00+01:00'),
          at('2026-03-31T00:00:00+02:00'),
          'day',
          'Europe/Berlin',
          800,
        ),
      ),
    ).toEqual([24, 23, 24]);
    expect(
      lengths(
        bucketsOf(
          at('2026-10-24T00:00:00+02:00'),
          at('2026-10-27T00:00:00+01:00'),
          'day',
          'Europe/Berlin',
          800,
        ),
      ),
    ).toEqual([24, 25, 24]);
  });

  it('begins a day at one o’clock where midnight does not exist', () => {
    const [before, day] = bucketsOf(
      at('2026-04-23T00:00:00+02:00'),
      at('2026-04-25T00:00:00+03:00'),
      'day',
      'Africa/Cairo',
      800,
    );
    expect(lengths([before, day])).toEqual([24, 23]);
  });

  it('has every hour once where clocks change, twice the same hour of the day', () => {
    const hours = bucketsOf(
      at('2026-10-25T00:00:00+02:00'),
      at('2026-10-26T00:00:00+01:00'),
      'hour',
      'Europe/Berlin',
      800,
    );
    expect(lengths(hours)).toEqual(Array(25).fill(1));
  });

  it('begins hours at the half where the zone does', () => {
    const [first, second] = bucketsOf(
      at('2026-01-01T00:00:00Z'),
      at('2026-01-01T02:00:00Z'),
      'hour',
      'Asia/Kolkata',
      800,
    );
    expect(first.end).toBe(at('2026-01-01T00:30:00Z'));
    expect(second.end).toBe(at('2026-01-01T01:30:00Z'));
  });

  it('covers any span without gap or overlap, and stops at the limit', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: at('2001-01-01Z'), max: at('2060-01-01Z') }),
        fc.integer({ min: 1, max: 400 * 24 * HOUR }),
        fc.constantFrom('hour' as const, 'day' as const),
        fc.constantFrom(
          'UTC',
          'Europe/Berlin',
          'America/New_York',
          'Asia/Kolkata',
          'Australia/Lord_Howe',
          'Pacific/Chatham',
          'America/Sao_Paulo',
        ),
        (from, length, unit, zone) => {
          const buckets = bucketsOf(from, from + length, unit, zone, 500);
          const stopped = buckets.length === 500;
          const ends = buckets.map(({ end }) => end);
          expect(buckets.map(({ start }) => start)).toEqual([
            from,
            ...ends.slice(0, -1),
          ]);
          expect(buckets.every(({ start, end }) => start < end)).toBe(true);
          expect(stopped || ends[ends.length - 1] === from + length).toBe(true);
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('hoursOf', () => {
  const now = at('2026-06-01T12:30:00Z');
  const hours = (start: string, end: string) => {
    const { from, until } = hoursOf({ start: at(start), end: at(end) }, now);
    return [new Date(from).toISOString(), new Date(until).toISOString()];
  };

  it('has the running hour when the span ends within it', () => {
    expect(hours('2026-06-01T10:00:00Z', '2026-06-01T12:30:00Z')).toEqual([
      '2026-06-01T10:00:00.000Z',
      '2026-06-01T13:00:00.000Z',
    ]);
  });

  it('leaves an hour that is over to the span that begins within it', () => {
    const [, until] = hours('2026-05-31T00:00:00Z', '2026-05-31T18:30:00Z');
    const [from] = hours('2026-05-31T18:30:00Z', '2026-06-01T00:00:00Z');
    expect(until).toBe('2026-05-31T18:00:00.000Z');
    expect(from).toBe(until);
  });
});
