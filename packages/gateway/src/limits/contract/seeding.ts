/* eslint-disable jest/no-export -- a part of the suite that the tests of every limiter run */
import {
  daily,
  monthly,
  entry,
  admitted,
  type ContractFixture,
} from './fixture';

export function describeSeeding(fixture: ContractFixture): void {
  const { reserve, seed, standing } = fixture;

  describe('seeding', () => {
    it('may be done twice, and leaves holds alone', async () => {
      await seed(monthly, 40);
      const hold = admitted(await reserve([entry(monthly, 100, 30)]));
      await seed(monthly, 40);
      await seed(monthly, 40);
      expect(await standing(monthly)).toMatchObject({
        spent: 40,
        reserved: 30,
      });
      await fixture.limiter.settle(hold, { money: 10 });
      expect(await standing(monthly)).toMatchObject({ spent: 50 });
    });

    it('does not lower what is known, for the ledger lags, unless it is to be exact', async () => {
      await seed(monthly, 40);
      await seed(monthly, 30);
      expect(await standing(monthly)).toMatchObject({ spent: 40 });
      await seed(monthly, 30, true);
      expect(await standing(monthly)).toMatchObject({ spent: 30 });
    });

    it('does nothing to another window', async () => {
      await seed(daily, 1);
      const windowStart = Date.parse('2026-02-26');
      expect(
        await fixture.limiter.seed([
          { counter: daily, windowStart, spent: 99 },
        ]),
      ).toEqual(['other-window']);
      expect(await standing(daily)).toMatchObject({ spent: 1 });
    });

    it('makes a forgotten counter known again', async () => {
      await seed(monthly, 40);
      await fixture.limiter.forget([monthly]);
      expect(await reserve([entry(monthly, 100, 1)])).toMatchObject({
        outcome: 'needs-seed',
      });
      await seed(monthly, 45);
      expect(await standing(monthly)).toEqual({
        spent: 45,
        reserved: 0,
        seeded: true,
      });
    });
  });
}
