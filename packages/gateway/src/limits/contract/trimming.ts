/* eslint-disable jest/no-export -- a part of the suite that the tests of every limiter run */
import { HOLD_MEMORY_MS, type Hold } from '../Limiter';
import {
  SECOND,
  MINUTE,
  DAY,
  CONTRACT_START,
  rpm,
  tpm,
  streams,
  daily,
  monthly,
  entry,
  admitted,
  type ContractFixture,
} from './fixture';

const grantedOf = (hold: Hold | null) =>
  hold?.entries.map(({ granted }) => granted);

export function describeTrimming(fixture: ContractFixture): void {
  const { reserve, seed, standing } = fixture;
  const trim = (hold: Hold, ...amounts: number[]) =>
    fixture.limiter.trim(hold, amounts);

  describe('a hold that is trimmed', () => {
    it('gives back at once what it has above the amounts, and lives on', async () => {
      await seed(monthly);
      const hold = admitted(
        await reserve([entry(tpm, 100, 90), entry(monthly, 100, 80)]),
      );
      const kept = await trim(hold, 40, 30);
      expect(kept).toEqual({
        ...hold,
        entries: [
          { counter: tpm, granted: 40, windowStart: null },
          {
            counter: monthly,
            granted: 30,
            windowStart: Date.parse('2026-02-01'),
          },
        ],
      });
      expect(await standing(tpm)).toMatchObject({ spent: 40 });
      expect(await standing(monthly)).toMatchObject({ spent: 0, reserved: 30 });
      admitted(await reserve([entry(tpm, 100, 60), entry(monthly, 100, 70)]));
    });

    it('never has more than before', async () => {
      await seed(monthly);
      const hold = admitted(
        await reserve([entry(tpm, 100, 10), entry(monthly, 100, 20)]),
      );
      expect(await trim(hold, 50, 20)).toEqual(hold);
      expect(await standing(tpm)).toMatchObject({ spent: 10 });
      expect(await standing(monthly)).toMatchObject({ reserved: 20 });
    });

    it('gives back once what is given back twice, whichever copy is trimmed', async () => {
      await seed(monthly);
      const others = [entry(tpm, 1000, 100), entry(monthly, 1000, 100)];
      await reserve(others);
      const hold = admitted(
        await reserve([entry(tpm, 1000, 90), entry(monthly, 1000, 80)]),
      );
      const kept = await trim(hold, 40, 30);
      expect(await trim(hold, 40, 30)).toEqual(kept);
      expect(await trim(kept, 40, 30)).toEqual(kept);
      // What an older copy says is granted is not granted any more.
      expect(grantedOf(await trim(hold, 60, 20))).toEqual([40, 20]);
      expect(await standing(tpm)).toMatchObject({ spent: 140 });
      expect(await standing(monthly)).toMatchObject({ reserved: 120 });
    });

    it('is settled at what was used, once, whichever copy is settled', async () => {
      await seed(monthly);
      for (const isOlder of [true, false]) {
        const hold = admitted(
          await reserve([entry(tpm, 1000, 90), entry(monthly, 1000, 80)]),
        );
        const kept = await trim(hold, 40, 30);
        const used = { tokens: 50, money: 20 };
        await fixture.limiter.settle(isOlder ? hold : kept, used);
        await fixture.limiter.settle(kept, used);
      }
      expect(await standing(tpm)).toMatchObject({ spent: 100 });
      expect(await standing(monthly)).toMatchObject({ spent: 40, reserved: 0 });
    });

    it('was used as reserved by the copy that is settled without a word about it', async () => {
      await seed(monthly);
      const older = admitted(await reserve([entry(monthly, 1000, 80)]));
      await trim(older, 30);
      await fixture.limiter.settle(older, {});
      expect(await standing(monthly)).toMatchObject({ spent: 80 });
      const hold = admitted(await reserve([entry(monthly, 1000, 80)]));
      await fixture.limiter.settle(await trim(hold, 30), {});
      expect(await standing(monthly)).toMatchObject({
        spent: 110,
        reserved: 0,
      });
    });

    it('counts what it takes beyond what it kept from when that is known', async () => {
      const hold = admitted(await reserve([entry(tpm, 100, 90)]));
      const kept = await trim(hold, 40);
      fixture.clock.pass(50 * SECOND);
      await fixture.limiter.settle(kept, { tokens: 70 });
      expect(await standing(tpm)).toMatchObject({ spent: 70 });
      fixture.clock.pass(11 * SECOND);
      expect(await standing(tpm)).toMatchObject({ spent: 30 });
    });

    it('stays so when it is renewed, whichever copy is', async () => {
      await seed(monthly);
      const hold = admitted(await reserve([entry(monthly, 100, 80)]));
      await trim(hold, 30);
      fixture.clock.pass(30 * SECOND);
      const [renewed] = await fixture.limiter.renew([hold], 5 * MINUTE);
      expect(grantedOf(renewed)).toEqual([30]);
      fixture.clock.pass(2 * MINUTE);
      expect(await standing(monthly)).toMatchObject({ reserved: 30 });
      // And the other way round: a copy that was not renewed gives back what lives on.
      expect(await trim(hold, 10)).toMatchObject({
        expiresAt: renewed?.expiresAt,
      });
      expect(await standing(monthly)).toMatchObject({ reserved: 10 });
    });

    it('keeps its lease', async () => {
      const hold = admitted(
        await reserve([entry(streams, 5), entry(rpm, 5, 1)]),
      );
      expect(grantedOf(await trim(hold, 0, 0))).toEqual([1, 0]);
      expect(await standing(streams)).toMatchObject({ reserved: 1 });
      expect(await standing(rpm)).toMatchObject({ spent: 0 });
      await fixture.limiter.release(hold);
      expect(await standing(streams)).toMatchObject({ reserved: 0 });
    });

    it('gives back nothing after it was closed, and comes back as it is', async () => {
      await seed(monthly);
      const hold = admitted(
        await reserve([entry(tpm, 100, 50), entry(monthly, 100, 50)]),
      );
      await reserve([entry(tpm, 100, 50), entry(monthly, 100, 50)]);
      await fixture.limiter.settle(hold, { tokens: 50, money: 50 });
      expect(await trim(hold, 0, 0)).toEqual(hold);
      expect(await standing(tpm)).toMatchObject({ spent: 100 });
      expect(await standing(monthly)).toMatchObject({
        spent: 50,
        reserved: 50,
      });
    });

    it('lapses as it would have', async () => {
      await seed(monthly);
      const hold = admitted(
        await reserve([entry(monthly, 100, 80)], { ttlMs: 30 * SECOND }),
      );
      await trim(hold, 30);
      fixture.clock.pass(hold.expiresAt - hold.admittedAt);
      expect(await standing(monthly)).toMatchObject({ reserved: 0 });
    });

    it('is revived with what it kept, though it had lapsed', async () => {
      await seed(monthly);
      const hold = admitted(
        await reserve([entry(tpm, 100, 80), entry(monthly, 100, 80)], {
          ttlMs: SECOND,
        }),
      );
      fixture.clock.pass(40 * SECOND);
      await reserve([entry(monthly, 100, 60)]);
      expect(grantedOf(await trim(hold, 30, 20))).toEqual([30, 20]);
      expect(await standing(monthly)).toMatchObject({ reserved: 60 });
      // It probably reached an upstream, and is out of the way in a minute.
      expect(await standing(tpm)).toMatchObject({ spent: 30 });
      await fixture.limiter.renew([hold], MINUTE);
      expect(await standing(monthly)).toMatchObject({ reserved: 80 });
    });

    it('is remembered for no longer than it was', async () => {
      await seed(monthly);
      const hold = admitted(await reserve([entry(monthly, 100, 50)]));
      fixture.clock.pass(
        hold.expiresAt - hold.admittedAt + HOLD_MEMORY_MS - SECOND,
      );
      await trim(hold, 10);
      fixture.clock.pass(2 * SECOND);
      expect(await fixture.limiter.settle(hold, { money: 5 })).toMatchObject({
        outcome: 'too-late',
      });
    });

    it('takes nothing out of a minute or a window that it is not in any more', async () => {
      await seed(daily);
      fixture.clock.pass(Date.parse('2026-02-28') - CONTRACT_START - SECOND);
      const hold = admitted(
        await reserve([entry(tpm, 100, 50), entry(daily, 100, 50)]),
      );
      const passed = MINUTE + 2 * SECOND;
      fixture.clock.pass(passed);
      // Another, that ends when it does.
      await reserve([entry(tpm, 100, 50), entry(daily, 100, 50)], {
        ttlMs: hold.expiresAt - hold.admittedAt - passed,
      });
      expect(grantedOf(await trim(hold, 10, 10))).toEqual([10, 10]);
      expect(await standing(tpm)).toMatchObject({ spent: 50 });
      expect(await standing(daily)).toMatchObject({ reserved: 50 });
      fixture.clock.pass(DAY);
      expect(await standing(daily)).toMatchObject({ spent: 0, reserved: 0 });
    });

    it('has the lower amounts when the store lost its memory, and brings those back', async () => {
      await seed(monthly);
      const hold = admitted(
        await reserve([entry(monthly, 100, 80), entry(streams, 5)]),
      );
      await fixture.loseMemory();
      await seed(monthly);
      await reserve([entry(monthly, 100, 40)]);
      const kept = await trim(hold, 30, 0);
      expect(grantedOf(kept)).toEqual([30, 1]);
      expect(await standing(monthly)).toMatchObject({ reserved: 40 });
      await fixture.limiter.renew([kept], MINUTE);
      expect(await standing(monthly)).toMatchObject({ reserved: 70 });
      await fixture.limiter.settle(kept, { money: 25 });
      expect(await standing(monthly)).toMatchObject({
        spent: 25,
        reserved: 40,
      });
    });

    it('is asked for whole amounts, one for each entry', async () => {
      const hold = admitted(
        await reserve([entry(rpm, 5), entry(tpm, 100, 50)]),
      );
      for (const amounts of [[1], [1, 5, 5], [1, -1], [1, 0.5], [1, NaN]]) {
        await expect(trim(hold, ...amounts)).rejects.toThrow(TypeError);
      }
      const others = { ...hold, entries: hold.entries.slice(1) };
      await expect(trim(others, 5)).rejects.toThrow(TypeError);
      expect(await standing(tpm)).toMatchObject({ spent: 50 });
    });
  });
}
