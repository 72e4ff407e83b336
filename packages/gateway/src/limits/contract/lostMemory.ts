/* eslint-disable jest/no-export -- a part of the suite that the tests of every limiter run */
import { LEDGER_LAG_MS } from '../Limiter';
import {
  SECOND,
  MINUTE,
  streams,
  monthly,
  entry,
  admitted,
  violations,
  type ContractFixture,
} from './fixture';

export function describeLostMemory(fixture: ContractFixture): void {
  const { reserve, seed, standing } = fixture;

  describe('a store that lost its memory', () => {
    it('asks for seeds, and adds what was settled too lately for the ledger to have it', async () => {
      await seed(monthly, 40);
      const hold = admitted(await reserve([entry(monthly, 100, 30)]));
      await fixture.loseMemory();
      await fixture.limiter.settle(hold, { money: 25 });
      await fixture.limiter.settle(hold, { money: 25 });
      expect(await standing(monthly)).toMatchObject({ seeded: false });
      await seed(monthly, 40);
      expect(await standing(monthly)).toMatchObject({ spent: 65 });
    });

    it('does not count twice what was settled so long ago that the ledger has it', async () => {
      const told = async (ageMs: number) => {
        await seed(monthly);
        const hold = admitted(await reserve([entry(monthly, 100, 30)]));
        await fixture.loseMemory();
        fixture.clock.pass(MINUTE);
        await seed(monthly, 25);
        await fixture.limiter.settle(hold, { money: 25, ageMs });
        return (await standing(monthly)).spent;
      };
      expect(await told(LEDGER_LAG_MS + SECOND)).toBe(25);
      expect(await told(0)).toBe(50);
    });

    it('knows a hold again that is renewed', async () => {
      await seed(monthly);
      const hold = admitted(
        await reserve([entry(monthly, 100, 30), entry(streams, 1)]),
      );
      await fixture.loseMemory();
      await fixture.limiter.renew([hold], MINUTE);
      expect(await standing(monthly)).toMatchObject({ reserved: 30 });
      expect(violations(await reserve([entry(streams, 1)]))).toHaveLength(1);
      await fixture.limiter.settle(hold, { money: 5 });
      expect(await standing(monthly)).toMatchObject({ spent: 5, reserved: 0 });
      expect(await standing(streams)).toMatchObject({ reserved: 0 });
    });
  });
}
