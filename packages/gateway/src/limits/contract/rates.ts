/* eslint-disable jest/no-export -- a part of the suite that the tests of every limiter run */
import {
  SECOND,
  MINUTE,
  rpm,
  tpm,
  entry,
  admitted,
  violations,
  type ContractFixture,
} from './fixture';

export function describeRates(fixture: ContractFixture): void {
  const { reserve, standing } = fixture;

  describe('a rate', () => {
    it('counts an admission for the whole minute after it, and no longer than a second more', async () => {
      admitted(await reserve([entry(rpm, 1)]));
      fixture.clock.pass(MINUTE);
      const [refusal] = violations(await reserve([entry(rpm, 1)]));
      expect(refusal.retryAfterMs).toBeLessThanOrEqual(SECOND);
      fixture.clock.pass(refusal.retryAfterMs ?? NaN);
      admitted(await reserve([entry(rpm, 1)]));
    });

    it('says when as much as is asked for will be free', async () => {
      await reserve([entry(tpm, 100, 40)]);
      fixture.clock.pass(20 * SECOND);
      await reserve([entry(tpm, 100, 60)]);
      const [small] = violations(await reserve([entry(tpm, 100, 40)]));
      const [large] = violations(await reserve([entry(tpm, 100, 41)]));
      expect(small.retryAfterMs).toBe(40_750);
      expect(large.retryAfterMs).toBe(60_750);
      expect(large).toMatchObject({ resetMs: 60_750, clearsInMs: 60_750 });
    });

    it('says that what is more than the limit will never fit', async () => {
      expect(
        violations(await reserve([entry(tpm, 100, 101)]))[0],
      ).toMatchObject({ retryAfterMs: null, clearsInMs: null });
    });

    it('gives back what a request did not use, in the minute that it was taken from', async () => {
      const hold = admitted(await reserve([entry(tpm, 100, 90)]));
      await fixture.limiter.settle(hold, { tokens: 30 });
      expect(await standing(tpm)).toMatchObject({ spent: 30 });
    });

    it('counts what a request used beyond its reservation from when that is known', async () => {
      const hold = admitted(await reserve([entry(tpm, 100, 10)]));
      fixture.clock.pass(90 * SECOND);
      await fixture.limiter.settle(hold, { tokens: 80 });
      expect(await standing(tpm)).toMatchObject({ spent: 70 });
    });

    it('still counts what was admitted by a gateway that crashed', async () => {
      await reserve([entry(rpm, 5)], { ttlMs: SECOND });
      fixture.clock.pass(10 * SECOND);
      expect(await standing(rpm)).toMatchObject({ spent: 1 });
    });

    it('forgets a request that was released', async () => {
      await fixture.limiter.release(admitted(await reserve([entry(rpm, 1)])));
      expect(await reserve([entry(rpm, 1)])).toMatchObject({
        outcome: 'admitted',
      });
    });
  });
}
