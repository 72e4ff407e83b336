/* eslint-disable jest/no-export -- a part of the suite that the tests of every limiter run */
import { MAX_AMOUNT } from '@ai-gateway/backstage-plugin-ai-gateway-node';
import {
  SECOND,
  MINUTE,
  rpm,
  tpm,
  streams,
  daily,
  monthly,
  forever,
  entry,
  admitted,
  violations,
  type ContractFixture,
} from './fixture';

export function describeReserving(fixture: ContractFixture): void {
  const { reserve, seed, standing } = fixture;

  describe('reserving', () => {
    it('takes from all levels at once and says where each stands', async () => {
      await seed(monthly, 400);
      const result = await reserve([
        entry(rpm, 3),
        entry(tpm, 1000, 250),
        entry(streams, 2),
        entry(monthly, 5000, 100),
      ]);
      expect(result).toMatchObject({
        outcome: 'admitted',
        repeated: false,
        figures: [
          { counter: rpm, limit: 3, spent: 1, reserved: 0, remaining: 2 },
          { counter: tpm, limit: 1000, spent: 250, remaining: 750 },
          { counter: streams, limit: 2, reserved: 1, remaining: 1 },
          { counter: monthly, spent: 400, reserved: 100, remaining: 4500 },
        ],
      });
    });

    it('takes nothing anywhere when one level refuses, and names every one that does', async () => {
      await seed(monthly, 4950);
      const result = await reserve([
        entry(rpm, 3),
        entry(tpm, 1000, 1001),
        entry(monthly, 5000, 100),
      ]);
      expect(violations(result)).toMatchObject([
        { counter: tpm, limit: 1000, spent: 0, asked: 1001 },
        { counter: monthly, limit: 5000, spent: 4950, reserved: 0, asked: 100 },
      ]);
      expect(await standing(rpm)).toMatchObject({ spent: 0 });
      expect(await standing(monthly)).toMatchObject({ reserved: 0 });
    });

    it('is done once for one id, however often it is asked', async () => {
      const entries = [entry(tpm, 100, 60)];
      const first = await reserve(entries, { holdId: 'same' });
      const again = await reserve(entries, { holdId: 'same' });
      expect(again).toEqual({ ...first, repeated: true });
      expect(await standing(tpm)).toMatchObject({ spent: 60 });
    });

    it('does not take an id again that was closed, or has lapsed', async () => {
      const entries = [entry(tpm, 100, 10)];
      const hold = admitted(await reserve(entries, { holdId: 'one' }));
      await fixture.limiter.settle(hold, {});
      expect(await reserve(entries, { holdId: 'one' })).toEqual({
        outcome: 'closed',
      });
      await reserve(entries, { holdId: 'two', ttlMs: SECOND });
      fixture.clock.pass(6 * SECOND);
      expect(await reserve(entries, { holdId: 'two' })).toEqual({
        outcome: 'closed',
      });
    });

    it('grants what is left when that will do, and refuses when it will not', async () => {
      await seed(daily, 970);
      const hold = admitted(await reserve([entry(daily, 1000, 500, 20)]));
      expect(hold.entries[0].granted).toBe(30);
      expect(
        violations(await reserve([entry(daily, 1000, 500, 20)])),
      ).toMatchObject([{ reserved: 30, asked: 500, least: 20 }]);
    });

    it('goes by the limit that comes with the request, and forgets nothing when it changes', async () => {
      await seed(daily);
      await fixture.limiter.settle(
        admitted(await reserve([entry(daily, 100, 80)])),
        {},
      );
      expect(violations(await reserve([entry(daily, 50, 1)]))[0]).toMatchObject(
        { limit: 50, spent: 80, remaining: 0 },
      );
      expect(await reserve([entry(daily, 120, 40)])).toMatchObject({
        outcome: 'admitted',
        figures: [{ limit: 120, spent: 80, reserved: 40, remaining: 0 }],
      });
    });

    it.each([
      ['a counter that stands twice', [entry(rpm, 5), entry(rpm, 6)]],
      ['a part of a unit', [entry(tpm, 5, 0.5)]],
      ['a negative amount', [entry(tpm, 5, -1)]],
      ['a limit that is not exact', [entry(tpm, MAX_AMOUNT + 1, 1)]],
      ['less than the least', [entry(tpm, 5, 1, 2)]],
      ['two leases for one request', [entry(streams, 5, 2)]],
    ])('does not take %s', async (_what, entries) => {
      await expect(reserve(entries)).rejects.toThrow(TypeError);
    });

    it('does not take a repeat with other entries, or a hold without end', async () => {
      await reserve([entry(rpm, 5)], { holdId: 'same' });
      await expect(
        reserve([entry(rpm, 5), entry(tpm, 5)], { holdId: 'same' }),
      ).rejects.toThrow('other entries');
      await expect(
        reserve([entry(rpm, 5)], { ttlMs: 24 * 60 * MINUTE }),
      ).rejects.toThrow(TypeError);
    });

    it('never admits more than fits of many that come at once', async () => {
      await seed(forever);
      const results = await Promise.all(
        Array.from({ length: 300 }, () => reserve([entry(forever, 1000, 10)])),
      );
      expect(
        results.filter(({ outcome }) => outcome === 'admitted'),
      ).toHaveLength(100);
    });
  });
}
