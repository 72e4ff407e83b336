/* eslint-disable jest/no-export -- a part of the suite that the tests of every limiter run */
import {
  SECOND,
  MINUTE,
  DAY,
  rpm,
  streams,
  daily,
  entry,
  admitted,
  violations,
  type ContractFixture,
} from './fixture';

export function describeClocks(fixture: ContractFixture): void {
  const { reserve, seed, standing } = fixture;

  describe('clocks that jump', () => {
    beforeEach(async () => {
      await seed(daily);
      await reserve([entry(rpm, 1), entry(daily, 10, 4), entry(streams, 1)]);
    });

    it.each([
      ['back a second', -SECOND],
      ['back an hour', -60 * MINUTE],
      ['back a month', -30 * DAY],
      ['forward two minutes', 2 * MINUTE],
      ['forward a day', DAY],
      ['forward a year', 365 * DAY],
    ])('%s, grant no quota', async (_what, ms) => {
      fixture.clock.jump(ms);
      expect(
        violations(
          await reserve([
            entry(rpm, 1),
            entry(daily, 10, 7),
            entry(streams, 1),
          ]),
        ),
      ).toHaveLength(3);
      fixture.clock.jump(-ms);
      expect(
        violations(
          await reserve([
            entry(rpm, 1),
            entry(daily, 10, 7),
            entry(streams, 1),
          ]),
        ),
      ).toHaveLength(3);
    });

    it.each([
      ['back', -60 * MINUTE],
      ['forward', 5 * DAY],
    ])('%s, do not stop the minute from passing', async (_way, ms) => {
      fixture.clock.jump(ms);
      admitted(await reserve([entry(rpm, 2)]));
      fixture.clock.pass(MINUTE + SECOND);
      expect(await reserve([entry(rpm, 1)])).toMatchObject({
        outcome: 'admitted',
      });
    });

    it('are followed by the calendar, at ten times the pace of time', async () => {
      fixture.clock.jump(DAY);
      for (let minute = 0; minute < 50; minute += 1) {
        fixture.clock.pass(MINUTE);
        expect(await standing(daily)).toMatchObject({ seeded: true });
      }
      // A day is made good in a ninth of it or less; the next was reached within 51 minutes.
      for (let minute = 0; minute < 160; minute += 1) {
        fixture.clock.pass(MINUTE);
        await standing(daily);
      }
      expect((await fixture.limiter.read([daily]))[0].windowStart).toBe(
        Date.parse('2026-02-28'),
      );
    });
  });
}
