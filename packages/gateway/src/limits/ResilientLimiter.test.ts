import type { Hold } from './Limiter';
import { describeWithRedis } from './testing/describeWithRedis';
import {
  entry,
  held,
  money,
  quota,
  rpm,
  ResilientStage,
} from './testing/ResilientStage';

jest.setTimeout(20_000);

describeWithRedis('ResilientLimiter', () => {
  const stage = ResilientStage.use(6392);

  it('counts with the others while all is well', async () => {
    await stage.seed(money, 10);
    const hold = held(await stage.reserve([entry(money, 100, 20)]));
    await stage.limiter.settle(hold, { money: 15 });
    expect(await stage.spentIn(money)).toMatchObject({
      spent: 25,
      reserved: 0,
    });
    expect(stage.modes).toEqual([]);
  });

  it.each([
    ['killed', () => stage.server.kill(), () => stage.server.start()],
    [
      'frozen',
      async () => stage.server.freeze(),
      async () => {
        stage.server.thaw();
      },
    ],
  ])(
    'admits its share while Redis is %s, within the deadline, and comes back by itself',
    async (_how, breakIt, mendIt) => {
      stage.recreate({ deadlineMs: undefined });
      await breakIt();
      const began = performance.now();
      expect(await stage.reserve([entry(rpm, 8, 1)])).toMatchObject({
        outcome: 'admitted',
        figures: [{ limit: 4, remaining: 3 }],
      });
      expect(performance.now() - began).toBeLessThan(300);

      await stage.untilDegraded();
      const again = performance.now();
      for (let n = 0; n < 3; n += 1)
        held(await stage.reserve([entry(rpm, 8, 1)]));
      const refused = await stage.reserve([entry(rpm, 8, 1)]);
      expect(refused).toMatchObject({
        outcome: 'refused',
        violations: [{ limit: 4, spent: 4 }],
      });
      expect(performance.now() - again).toBeLessThan(50);

      await mendIt();
      await stage.untilNormal();
      expect(stage.modes).toEqual(['degraded', 'normal']);
      expect(await stage.reserve([entry(rpm, 8, 1)])).toMatchObject({
        outcome: 'admitted',
        hold: { store: 'shared' },
        figures: [{ limit: 8 }],
      });
    },
  );

  describe('while Redis is frozen', () => {
    let before: Hold;

    beforeEach(async () => {
      await stage.seed(money, 100);
      await stage.seed(quota, 100);
      before = held(
        await stage.reserve([entry(money, 1000, 50), entry(quota, 1000, 50)]),
      );
      stage.server.freeze();
      await stage.untilDegraded();
    });

    afterEach(async () => {
      stage.server.thaw();
      await stage.untilNormal();
    });

    const thawed = async () => {
      stage.server.thaw();
      await stage.untilNormal();
    };

    it('denies money, and says which', async () => {
      expect(
        await stage.reserve([entry(rpm, 100, 1), entry(money, 1000, 1)]),
      ).toMatchObject({ outcome: 'unavailable', counters: [money] });
      expect(await stage.reserve([entry(rpm, 100, 50)])).toMatchObject({
        outcome: 'admitted',
      });
    });

    it('admits its part of what the ledger says is left, where that is declared', async () => {
      const cap = { mode: 'cap', fraction: 0.1 } as const;
      const asked = (amount: number) =>
        stage.reserve([entry(money, 1000, amount, cap)]);
      expect(await asked(1)).toEqual({
        outcome: 'needs-seed',
        needsSeed: [{ counter: money, windowStart: 0 }],
      });
      await stage.seed(money, 400);
      held(await asked(60));
      expect(await asked(1)).toMatchObject({
        outcome: 'refused',
        violations: [{ limit: 460, spent: 400, reserved: 60 }],
      });
    });

    it('settles what was reserved before, once Redis is back, and once', async () => {
      expect(
        await stage.limiter.settle(before, { money: 30, tokens: 20 }),
      ).toEqual({
        outcome: 'queued',
        balances: [],
      });
      await stage.limiter.settle(before, { money: 99, tokens: 99 });
      expect(stage.limiter.waiting).toBe(2);
      await thawed();
      expect(await stage.spentIn(money)).toMatchObject({
        spent: 130,
        reserved: 0,
      });
      expect(await stage.spentIn(quota)).toMatchObject({
        spent: 120,
        reserved: 0,
      });
    });

    it('tells Redis what was spent alone', async () => {
      await stage.reserve([entry(quota, 1000, 30)]);
      await stage.seed(quota, 100);
      const hold = held(await stage.reserve([entry(quota, 1000, 30)]));
      expect(hold.store).toBe('local');
      expect(await stage.limiter.settle(hold, { tokens: 40 })).toMatchObject({
        outcome: 'settled',
        balances: [{ spent: 140 }],
      });
      await stage.limiter.settle(hold, { tokens: 40 });
      await thawed();
      expect(await stage.spentIn(quota)).toMatchObject({
        spent: 140,
        reserved: 50,
      });
    });

    it('settles what was reserved alone after Redis is back', async () => {
      await stage.seed(quota, 100);
      const hold = held(await stage.reserve([entry(quota, 1000, 30)]));
      await thawed();
      await stage.limiter.settle(hold, { tokens: 40 });
      expect(await stage.spentIn(quota)).toMatchObject({
        spent: 140,
        reserved: 50,
      });
    });

    it('knows nothing of budgets from an earlier time alone', async () => {
      await stage.seed(quota, 100);
      await thawed();
      stage.server.freeze();
      await stage.untilDegraded();
      expect(await stage.reserve([entry(quota, 1000, 1)])).toMatchObject({
        outcome: 'needs-seed',
      });
    });

    it('keeps holds that it cannot renew', async () => {
      expect(await stage.limiter.renew([before], 60_000)).toEqual([before]);
    });

    it('keeps what it cannot give back, and does not come back to it', async () => {
      expect(await stage.limiter.trim(before, [10, 10])).toEqual(before);
      expect(stage.limiter.waiting).toBe(0);
      await thawed();
      expect(await stage.spentIn(money)).toMatchObject({
        spent: 100,
        reserved: 50,
      });
      await stage.limiter.settle(before, { money: 30, tokens: 20 });
      expect(await stage.spentIn(money)).toMatchObject({
        spent: 130,
        reserved: 0,
      });
    });

    it('gives back what was reserved alone, and settles it once with both', async () => {
      await stage.seed(quota, 100);
      const hold = held(await stage.reserve([entry(quota, 1000, 300)]));
      const kept = await stage.limiter.trim(hold, [30]);
      expect(kept.entries).toMatchObject([{ granted: 30 }]);
      expect((await stage.limiter.read([quota]))[0]).toMatchObject({
        reserved: 30,
      });
      await thawed();
      await stage.limiter.trim(kept, [20]);
      await stage.limiter.settle(kept, { tokens: 15 });
      expect(await stage.spentIn(quota)).toMatchObject({
        spent: 115,
        reserved: 50,
      });
    });
  });

  it('forgets nothing when Redis comes back with no memory: budgets are seeded', async () => {
    await stage.seed(money, 100);
    const hold = held(await stage.reserve([entry(money, 1000, 50)]));
    await stage.server.kill();
    await stage.untilDegraded();
    await stage.limiter.settle(hold, { money: 30 });
    await stage.server.start();
    await stage.untilNormal();
    expect(await stage.reserve([entry(money, 1000, 1)])).toMatchObject({
      outcome: 'needs-seed',
    });
    // The ledger does not have it yet.
    await stage.seed(money, 100);
    expect(await stage.spentIn(money)).toMatchObject({ spent: 130 });
  });

  it('has budgets seeded from the ledger when more was settled than it can remember', async () => {
    stage.recreate({ queueLimit: 5 });
    await stage.seed(money, 100);
    const holds = await Promise.all(
      Array.from({ length: 9 }, async () =>
        held(await stage.reserve([entry(money, 1000, 1)])),
      ),
    );
    stage.server.freeze();
    await stage.untilDegraded();
    for (const hold of holds) await stage.limiter.settle(hold, { money: 1 });
    expect(stage.limiter.waiting).toBe(5);
    stage.server.thaw();
    await stage.untilNormal();
    expect(await stage.reserve([entry(money, 1000, 1)])).toMatchObject({
      outcome: 'needs-seed',
    });
  });
});
