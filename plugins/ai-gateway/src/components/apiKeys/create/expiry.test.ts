import { expiryMoment, localDate } from './expiry';

const NOW = Date.parse('2030-01-31T09:00:00Z');

describe('expiryMoment', () => {
  it('is no moment for never', () => {
    expect(expiryMoment('never', '2030-02-01', NOW)).toBeNull();
  });

  it.each([
    ['7', '2030-02-07T09:00:00.000Z'],
    ['30', '2030-03-02T09:00:00.000Z'],
    ['90', '2030-05-01T09:00:00.000Z'],
  ] as const)('is %s days from now', (choice, moment) => {
    expect(expiryMoment(choice, '', NOW)).toBe(moment);
  });

  it("is the end of the chosen day in the reader's zone", () => {
    const moment = new Date(expiryMoment('date', '2030-02-01', NOW) ?? '');
    expect(localDate(moment.getTime())).toBe('2030-02-01');
    expect(localDate(moment.getTime() + 1000)).toBe('2030-02-02');
  });

  it.each(['', '2030-02-30x', 'tomorrow'])(
    'is nothing that the API would take for the date %j',
    date => {
      expect(expiryMoment('date', date, NOW)).toBe('');
    },
  );
});
