/* eslint-disable jest/no-export -- a part of the suite that the tests of every limiter run */
import { MAX_AMOUNT } from '@ai-gateway/backstage-plugin-ai-gateway-node';
import { HOLD_MEMORY_MS } from '../Limiter';
import {
  SECOND,
  MINUTE,
  DAY,
  CONTRACT_START,
  rpm,
  daily,
  monthly,
  forever,
  entry,
  admitted,
  violations,
  type ContractFixture,
} from './fixture';

export function describeBudgets(fixture: ContractFixture): void {
  const { reserve, seed, standing } = fixture;

  describe('a budget', () => {
    it('is not taken for unspent when the store does not know it', async () => {
      const asked = [entry(rpm, 5), entry(monthly, 500, 1), entry(daily, 5, 1)];
      expect(await reserve(asked)).toEqual({
        outcome: 'needs-seed',
        needsSeed: [
          { counter: monthly, windowStart: Date.parse('2026-02-01') },
          { counter: daily, windowStart: Date.parse('2026-02-27') },
        ],
      });
      expect(await standing(rpm)).toMatchObject({ spent: 0 });
      await seed(monthly, 500);
      await seed(daily, 0);
      expect(violations(await reserve(asked))).toMatchObject([
        { counter: monthly, spent: 500 },
      ]);
    });

    it('settles at what was used, less or more than was reserved', async () => {
      await seed(monthly);
      const less = admitted(await reserve([entry(monthly, 100, 60)]));
      expect(await fixture.limiter.settle(less, { money: 10 })).toEqual({
        outcome: 'settled',
        balances: [
          {
            counter: monthly,
            windowStart: Date.parse('2026-02-01'),
            spent: 10,
          },
        ],
      });
      const more = admitted(await reserve([entry(monthly, 100, 60)]));
      await fixture.limiter.settle(more, { money: 170 });
      expect(await standing(monthly)).toMatchObject({
        spent: 180,
        reserved: 0,
      });
      expect(
        violations(await reserve([entry(monthly, 200, 21)]))[0],
      ).toMatchObject({ remaining: 20 });
    });

    it('is settled once, whatever comes after', async () => {
      await seed(monthly);
      const hold = admitted(await reserve([entry(monthly, 100, 60)]));
      await fixture.limiter.settle(hold, { money: 50 });
      expect(await fixture.limiter.settle(hold, { money: 70 })).toEqual({
        outcome: 'repeated',
        balances: [],
      });
      expect(await fixture.limiter.release(hold)).toMatchObject({
        outcome: 'repeated',
      });
      expect(await standing(monthly)).toMatchObject({ spent: 50, reserved: 0 });
    });

    it('is free again of a hold that nobody settled, once that lapses', async () => {
      await seed(monthly);
      await reserve([entry(monthly, 100, 100)], { ttlMs: 30 * SECOND });
      const [refusal] = violations(await reserve([entry(monthly, 100, 1)]));
      expect(refusal).toMatchObject({ reserved: 100, retryAfterMs: SECOND });
      fixture.clock.pass(refusal.clearsInMs ?? NaN);
      admitted(await reserve([entry(monthly, 100, 100)]));
    });

    it('loses no spending that is told after the hold has lapsed, and books it once', async () => {
      await seed(monthly);
      const hold = admitted(
        await reserve([entry(monthly, 100, 60)], { ttlMs: SECOND }),
      );
      fixture.clock.pass(5 * MINUTE);
      expect(await standing(monthly)).toMatchObject({ spent: 0, reserved: 0 });
      await fixture.limiter.settle(hold, { money: 50 });
      await fixture.limiter.settle(hold, { money: 50 });
      expect(await standing(monthly)).toMatchObject({ spent: 50, reserved: 0 });
    });

    it('says so when it is too late to tell whether a hold was settled', async () => {
      await seed(monthly);
      const hold = admitted(await reserve([entry(monthly, 100, 60)]));
      await fixture.limiter.settle(hold, { money: 50 });
      fixture.clock.pass(hold.expiresAt - hold.admittedAt + HOLD_MEMORY_MS + 1);
      expect(await fixture.limiter.settle(hold, { money: 50 })).toEqual({
        outcome: 'too-late',
        balances: [],
      });
      expect(await standing(monthly)).toMatchObject({ spent: 50 });
    });

    it('begins anew with its window, and says when that is', async () => {
      await seed(daily);
      await fixture.limiter.settle(
        admitted(await reserve([entry(daily, 9, 9)])),
        {},
      );
      const [refusal] = violations(await reserve([entry(daily, 9, 1)]));
      expect(refusal.retryAfterMs).toBe(
        Date.parse('2026-02-28') - CONTRACT_START,
      );
      fixture.clock.pass(refusal.retryAfterMs ?? NaN);
      admitted(await reserve([entry(daily, 9, 9)]));
    });

    it('counts a request in the window that it was admitted in', async () => {
      await seed(daily);
      fixture.clock.pass(Date.parse('2026-02-28') - CONTRACT_START - SECOND);
      const hold = admitted(await reserve([entry(daily, 9, 5)]));
      fixture.clock.pass(2 * SECOND);
      expect(await fixture.limiter.settle(hold, { tokens: 5 })).toMatchObject({
        outcome: 'settled',
        balances: [],
      });
      expect(await standing(daily)).toMatchObject({ spent: 0, reserved: 0 });
    });

    it('is unknown again when nobody looked at it for a whole window', async () => {
      await seed(daily, 5);
      fixture.clock.pass(2 * DAY);
      expect(await reserve([entry(daily, 9, 1)])).toMatchObject({
        outcome: 'needs-seed',
      });
    });

    it('never clears by itself when it has no end', async () => {
      await seed(forever, 100);
      expect(
        violations(await reserve([entry(forever, 100, 1)]))[0],
      ).toMatchObject({ resetMs: null, clearsInMs: null, retryAfterMs: null });
    });

    it('holds amounts exactly up to the largest, and stays at that', async () => {
      await seed(forever, MAX_AMOUNT - 3);
      const hold = admitted(await reserve([entry(forever, MAX_AMOUNT, 2)]));
      expect(
        violations(await reserve([entry(forever, MAX_AMOUNT, 2)]))[0],
      ).toMatchObject({ spent: MAX_AMOUNT - 3, reserved: 2, remaining: 1 });
      await fixture.limiter.settle(hold, { money: 1 });
      expect(await standing(forever)).toMatchObject({ spent: MAX_AMOUNT - 2 });
      const last = admitted(await reserve([entry(forever, MAX_AMOUNT, 2)]));
      await fixture.limiter.settle(last, { money: 1000 });
      expect(await standing(forever)).toMatchObject({ spent: MAX_AMOUNT });
    });
  });
}
