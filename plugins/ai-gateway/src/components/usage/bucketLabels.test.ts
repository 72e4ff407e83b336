import { bucketLabels, formatSpan } from './bucketLabels';

const bucket = (start: string, hours: number) => ({
  start,
  end: new Date(Date.parse(start) + hours * 3_600_000).toISOString(),
});
/** Intl puts narrow and thin spaces into times and ranges. */
const plain = (text: string) => text.replace(/\s/g, ' ');

describe('bucketLabels', () => {
  it("names hours in the reader's zone, and the day at its midnight", () => {
    const labels = bucketLabels('hour', 24, 'Europe/Berlin', 'en-GB');
    expect(labels.short(bucket('2030-01-31T13:00:00Z', 1))).toBe('14:00');
    expect(labels.short(bucket('2030-01-31T23:00:00Z', 1))).toBe('1 Feb');
    expect(plain(labels.long(bucket('2030-01-31T13:00:00Z', 1)))).toBe(
      'Thu, 31 Jan 2030, 14:00–15:00',
    );
  });

  it('names the day with each hour where there is more than one day', () => {
    const labels = bucketLabels('hour', 72, 'UTC', 'en-GB');
    expect(labels.short(bucket('2030-01-31T13:00:00Z', 1))).toBe(
      '31 Jan, 13:00',
    );
  });

  it('names days', () => {
    const labels = bucketLabels('day', 7, 'Asia/Kolkata', 'en-US');
    const day = bucket('2030-01-30T18:30:00Z', 24);
    expect(labels.short(day)).toBe('Jan 31');
    expect(labels.long(day)).toBe('Thu, Jan 31, 2030');
  });
});

it('names a span by its first and last day', () => {
  expect(
    plain(
      formatSpan(
        { from: '2030-01-25T00:00:00Z', to: '2030-02-01T00:00:00Z' },
        'UTC',
        'en-US',
      ),
    ),
  ).toBe('Jan 25 – 31, 2030');
});
