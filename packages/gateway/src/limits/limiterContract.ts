import {
  MAX_AMOUNT,
  type LimitCounter,
  type LimitSubject,
} from '@ai-gateway/backstage-plugin-ai-gateway-node';
import {
  HOLD_MEMORY_MS,
  LEDGER_LAG_MS,
  type BudgetCounterId,
  type Hold,
  type Limiter,
  type ReserveEntry,
  type ReserveResult,
} from './Limiter';
import { FakeClock } from './testing/FakeClock';

/** A limiter under the contract, and its clock. */
export interface LimiterUnderTest {
  readonly limiter: Limiter;
  readonly clock: FakeClock;
  /** Makes the store lose all it knows. */
  loseMemory(): Promise<void>;
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const DAY = 24 * 60 * MINUTE;
/** A Friday afternoon, late in a month. */
export const CONTRACT_START = Date.parse('2026-02-27T15:30:20.250Z');

const key: LimitSubject = { kind: 'key', id: 'k1' };
const project: LimitSubject = { kind: 'project', id: 'payments/eu' };

const rpm: LimitCounter = {
  subject: key,
  measure: 'requests',
  window: 'minute',
};
const tpm: LimitCounter = {
  subject: project,
  measure: 'tokens',
  window: 'minute',
};
const streams: LimitCounter = {
  subject: key,
  measure: 'concurrency',
  window: 'none',
};
const daily: BudgetCounterId = {
  subject: project,
  measure: 'tokens',
  window: 'day',
};
const monthly: BudgetCounterId = {
  subject: project,
  measure: 'money',
  window: 'month',
};
const forever: BudgetCounterId = {
  subject: project,
  measure: 'money',
  window: 'total',
};

const entry = (
  counter: LimitCounter,
  limit: number,
  amount = 1,
  least?: number,
): ReserveEntry => ({
  counter,
  limit,
  amount,
  ...(least === undefined ? {} : { least }),
});

const admitted = (result: ReserveResult): Hold => {
  if (result.outcome !== 'admitted') {
    throw new Error(`Not admitted: ${JSON.stringify(result)}`);
  }
  return result.hold;
};

const violations = (result: ReserveResult) => {
  if (result.outcome !== 'refused') {
    throw new Error(`Not refused: ${JSON.stringify(result)}`);
  }
  return result.violations;
};

/** What every limiter does. `make` gives a new one that knows nothing, with the clock at {@link CONTRACT_START}. */
export function describeLimiterContract(
  make: () => Promise<LimiterUnderTest>,
): void {
  let limiter: Limiter;
  let clock: FakeClock;
  let loseMemory: () => Promise<void>;
  let ids = 0;

  beforeEach(async () => {
    ({ limiter, clock, loseMemory } = await make());
  });

  const reserve = (
    entries: readonly ReserveEntry[],
    { holdId = `hold-${(ids += 1)}`, ttlMs = 2 * MINUTE } = {},
  ) => limiter.reserve({ holdId, ttlMs, entries });

  const seed = async (counter: BudgetCounterId, spent = 0, exact = false) => {
    const [{ windowStart }] = await limiter.read([counter]);
    return limiter.seed([
      { counter, windowStart: windowStart ?? NaN, spent, exact },
    ]);
  };

  const standing = async (counter: LimitCounter) => {
    const [{ spent, reserved, seeded }] = await limiter.read([counter]);
    return { spent, reserved, seeded };
  };

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
      await limiter.settle(hold, {});
      expect(await reserve(entries, { holdId: 'one' })).toEqual({
        outcome: 'closed',
      });
      await reserve(entries, { holdId: 'two', ttlMs: SECOND });
      clock.pass(6 * SECOND);
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
      await limiter.settle(
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

  describe('a rate', () => {
    it('counts an admission for the whole minute after it, and no longer than a second more', async () => {
      admitted(await reserve([entry(rpm, 1)]));
      clock.pass(MINUTE);
      const [refusal] = violations(await reserve([entry(rpm, 1)]));
      expect(refusal.retryAfterMs).toBeLessThanOrEqual(SECOND);
      clock.pass(refusal.retryAfterMs ?? NaN);
      admitted(await reserve([entry(rpm, 1)]));
    });

    it('says when as much as is asked for will be free', async () => {
      await reserve([entry(tpm, 100, 40)]);
      clock.pass(20 * SECOND);
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
      await limiter.settle(hold, { tokens: 30 });
      expect(await standing(tpm)).toMatchObject({ spent: 30 });
    });

    it('counts what a request used beyond its reservation from when that is known', async () => {
      const hold = admitted(await reserve([entry(tpm, 100, 10)]));
      clock.pass(90 * SECOND);
      await limiter.settle(hold, { tokens: 80 });
      expect(await standing(tpm)).toMatchObject({ spent: 70 });
    });

    it('still counts what was admitted by a gateway that crashed', async () => {
      await reserve([entry(rpm, 5)], { ttlMs: SECOND });
      clock.pass(10 * SECOND);
      expect(await standing(rpm)).toMatchObject({ spent: 1 });
    });

    it('forgets a request that was released', async () => {
      await limiter.release(admitted(await reserve([entry(rpm, 1)])));
      admitted(await reserve([entry(rpm, 1)]));
    });
  });

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
      expect(await limiter.settle(less, { money: 10 })).toEqual({
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
      await limiter.settle(more, { money: 170 });
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
      await limiter.settle(hold, { money: 50 });
      expect(await limiter.settle(hold, { money: 70 })).toEqual({
        outcome: 'repeated',
        balances: [],
      });
      expect(await limiter.release(hold)).toMatchObject({
        outcome: 'repeated',
      });
      expect(await standing(monthly)).toMatchObject({ spent: 50, reserved: 0 });
    });

    it('is free again of a hold that nobody settled, once that lapses', async () => {
      await seed(monthly);
      await reserve([entry(monthly, 100, 100)], { ttlMs: 30 * SECOND });
      const [refusal] = violations(await reserve([entry(monthly, 100, 1)]));
      expect(refusal).toMatchObject({ reserved: 100, retryAfterMs: SECOND });
      clock.pass(refusal.clearsInMs ?? NaN);
      admitted(await reserve([entry(monthly, 100, 100)]));
    });

    it('loses no spending that is told after the hold has lapsed, and books it once', async () => {
      await seed(monthly);
      const hold = admitted(
        await reserve([entry(monthly, 100, 60)], { ttlMs: SECOND }),
      );
      clock.pass(5 * MINUTE);
      expect(await standing(monthly)).toMatchObject({ spent: 0, reserved: 0 });
      await limiter.settle(hold, { money: 50 });
      await limiter.settle(hold, { money: 50 });
      expect(await standing(monthly)).toMatchObject({ spent: 50, reserved: 0 });
    });

    it('says so when it is too late to tell whether a hold was settled', async () => {
      await seed(monthly);
      const hold = admitted(await reserve([entry(monthly, 100, 60)]));
      await limiter.settle(hold, { money: 50 });
      clock.pass(hold.expiresAt - hold.admittedAt + HOLD_MEMORY_MS + 1);
      expect(await limiter.settle(hold, { money: 50 })).toEqual({
        outcome: 'too-late',
        balances: [],
      });
      expect(await standing(monthly)).toMatchObject({ spent: 50 });
    });

    it('begins anew with its window, and says when that is', async () => {
      await seed(daily);
      await limiter.settle(admitted(await reserve([entry(daily, 9, 9)])), {});
      const [refusal] = violations(await reserve([entry(daily, 9, 1)]));
      expect(refusal.retryAfterMs).toBe(
        Date.parse('2026-02-28') - CONTRACT_START,
      );
      clock.pass(refusal.retryAfterMs ?? NaN);
      admitted(await reserve([entry(daily, 9, 9)]));
    });

    it('counts a request in the window that it was admitted in', async () => {
      await seed(daily);
      clock.pass(Date.parse('2026-02-28') - CONTRACT_START - SECOND);
      const hold = admitted(await reserve([entry(daily, 9, 5)]));
      clock.pass(2 * SECOND);
      expect(await limiter.settle(hold, { tokens: 5 })).toMatchObject({
        outcome: 'settled',
        balances: [],
      });
      expect(await standing(daily)).toMatchObject({ spent: 0, reserved: 0 });
    });

    it('is unknown again when nobody looked at it for a whole window', async () => {
      await seed(daily, 5);
      clock.pass(2 * DAY);
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
      await limiter.settle(hold, { money: 1 });
      expect(await standing(forever)).toMatchObject({ spent: MAX_AMOUNT - 2 });
      const last = admitted(await reserve([entry(forever, MAX_AMOUNT, 2)]));
      await limiter.settle(last, { money: 1000 });
      expect(await standing(forever)).toMatchObject({ spent: MAX_AMOUNT });
    });
  });

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
      await limiter.settle(hold, { money: 10 });
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
        await limiter.seed([{ counter: daily, windowStart, spent: 99 }]),
      ).toEqual(['other-window']);
      expect(await standing(daily)).toMatchObject({ spent: 1 });
    });

    it('makes a forgotten counter known again', async () => {
      await seed(monthly, 40);
      await limiter.forget([monthly]);
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

  describe('a store that lost its memory', () => {
    it('asks for seeds, and adds what was settled too lately for the ledger to have it', async () => {
      await seed(monthly, 40);
      const hold = admitted(await reserve([entry(monthly, 100, 30)]));
      await loseMemory();
      await limiter.settle(hold, { money: 25 });
      await limiter.settle(hold, { money: 25 });
      expect(await standing(monthly)).toMatchObject({ seeded: false });
      await seed(monthly, 40);
      expect(await standing(monthly)).toMatchObject({ spent: 65 });
    });

    it('does not count twice what was settled so long ago that the ledger has it', async () => {
      const told = async (ageMs: number) => {
        await seed(monthly);
        const hold = admitted(await reserve([entry(monthly, 100, 30)]));
        await loseMemory();
        clock.pass(MINUTE);
        await seed(monthly, 25);
        await limiter.settle(hold, { money: 25, ageMs });
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
      await loseMemory();
      await limiter.renew([hold], MINUTE);
      expect(await standing(monthly)).toMatchObject({ reserved: 30 });
      expect(violations(await reserve([entry(streams, 1)]))).toHaveLength(1);
      await limiter.settle(hold, { money: 5 });
      expect(await standing(monthly)).toMatchObject({ spent: 5, reserved: 0 });
      expect(await standing(streams)).toMatchObject({ reserved: 0 });
    });
  });

  describe('leases', () => {
    it('are as many as there are requests, and end with them', async () => {
      const hold = admitted(await reserve([entry(streams, 2)]));
      await reserve([entry(streams, 2)]);
      expect(violations(await reserve([entry(streams, 2)]))[0]).toMatchObject({
        reserved: 2,
        retryAfterMs: SECOND,
      });
      await limiter.settle(hold, {});
      await limiter.settle(hold, {});
      expect(await standing(streams)).toMatchObject({ reserved: 1 });
    });

    it('lapse when nobody renews them, and live on when somebody does', async () => {
      const left = { ttlMs: 30 * SECOND };
      const renewed = admitted(await reserve([entry(streams, 5)], left));
      await reserve([entry(streams, 5)], left);
      for (let n = 0; n < 4; n += 1) {
        clock.pass(20 * SECOND);
        await limiter.renew([renewed], 30 * SECOND);
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
      clock.pass(20 * SECOND);
      const [renewed] = await limiter.renew([hold], MINUTE);
      clock.pass(50 * SECOND);
      expect(await standing(monthly)).toMatchObject({ reserved: 70 });
      expect(renewed?.expiresAt).toBeGreaterThan(hold.expiresAt);
      clock.pass(20 * SECOND);
      expect(await standing(monthly)).toMatchObject({ reserved: 0 });
    });

    it('are not renewed once they were closed', async () => {
      const hold = admitted(await reserve([entry(streams, 1)]));
      await limiter.release(hold);
      expect(await limiter.renew([hold], MINUTE)).toEqual([null]);
      expect(await standing(streams)).toMatchObject({ reserved: 0 });
    });
  });

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
      clock.jump(ms);
      expect(
        violations(
          await reserve([
            entry(rpm, 1),
            entry(daily, 10, 7),
            entry(streams, 1),
          ]),
        ),
      ).toHaveLength(3);
      clock.jump(-ms);
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
      clock.jump(ms);
      admitted(await reserve([entry(rpm, 2)]));
      clock.pass(MINUTE + SECOND);
      admitted(await reserve([entry(rpm, 1)]));
    });

    it('are followed by the calendar, at ten times the pace of time', async () => {
      clock.jump(DAY);
      for (let minute = 0; minute < 50; minute += 1) {
        clock.pass(MINUTE);
        expect(await standing(daily)).toMatchObject({ seeded: true });
      }
      // A day is made good in a ninth of it or less; the next was reached within 51 minutes.
      for (let minute = 0; minute < 160; minute += 1) {
        clock.pass(MINUTE);
        await standing(daily);
      }
      expect((await limiter.read([daily]))[0].windowStart).toBe(
        Date.parse('2026-02-28'),
      );
    });
  });
}
