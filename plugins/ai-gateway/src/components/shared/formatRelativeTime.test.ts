import { formatRelativeTime } from './formatRelativeTime';

const NOW = Date.parse('2030-01-31T12:00:00Z');

describe('formatRelativeTime', () => {
  it.each([
    ['2030-01-31T12:00:00Z', 'now'],
    ['2030-01-31T11:59:01Z', 'now'],
    ['2030-01-31T11:59:00Z', '1 minute ago'],
    ['2030-01-31T11:00:00Z', '1 hour ago'],
    ['2030-01-31T14:00:00Z', 'in 2 hours'],
    ['2030-01-30T12:00:00Z', '1 day ago'],
    ['2030-02-07T11:59:58Z', 'in 7 days'],
    ['2030-04-01T12:00:00Z', 'in 60 days'],
    ['2030-05-31T12:00:00Z', 'in 4 months'],
    ['2027-01-31T12:00:00Z', '3 years ago'],
  ])('says of %s: %s', (at, said) => {
    expect(formatRelativeTime(Date.parse(at), NOW, 'en')).toBe(said);
  });
});
