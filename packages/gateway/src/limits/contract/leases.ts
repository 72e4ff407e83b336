/* eslint-disable jest/no-export -- a part of the suite that the tests of every limiter run */
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

export function describeLeases(fixture: ContractFixture): void {
  const { reserve, seed, standing } = fixture;

  describe('leases', () => {
    it('are as many as there are requests, and end with them', async () => {
      const hold = admitted(await reserve([entry(streams, 2)]));
      await reserve([entry(streams, 2)]);
      expect(violations(await reserve([entry(streams, 2)]))[0]).toMatchObject({
        reserved: 2,
        retryAfterMs: SECOND,
      });
      await fixture.limiter.settle(hold, {});
      await fixture.limiter.settle(hold, {});
      expect(await standing(streams)).toMatchObject({ reserved: 1 });
    });

    it('lapse when nobody renews them, and live on when somebody does', async () => {
      const left = { ttlMs: 30 * SECOND };
      const renewed = admitted(await reserve([entry(streams, 5)], left));
      await reserve([entry(streams, 5)], left);
      for (let n = 0; n < 4; n += 1) {
        fixture.clock.pass(20 * SECOND);
        await fixture.limiter.renew([renewed], 30 * SECOND);
      }
      expect(await standing(streams)).toMatchObject({ reserved: 1 });
    });

    it('keep the reservations of their hold alive', async () => {
      await seed(monthly);
      const hold = admitted(
        await reserve([entry(monthly, 100, 70), entry(streams, 5)], {
          ttlMs: 30 * SECOND,
        }),
      );
      fixture.clock.pass(20 * SECOND);
      const [renewed] = await fixture.limiter.renew([hold], MINUTE);
      fixture.clock.pass(50 * SECOND);
      expect(await standing(monthly)).toMatchObject({ reserved: 70 });
      expect(renewed?.expiresAt).toBeGreaterThan(hold.expiresAt);
      fixture.clock.pass(20 * SECOND);
      expect(await standing(monthly)).toMatchObject({ reserved: 0 });
    });

    it('are not renewed once they were closed', async () => {
      const hold = admitted(await reserve([entry(streams, 1)]));
      await fixture.limiter.release(hold);
      expect(await fixture.limiter.renew([hold], MINUTE)).toEqual([null]);
      expect(await standing(streams)).toMatchObject({ reserved: 0 });
    });
  });
}
