import type { LimitCounter } from '@ai-gateway/backstage-plugin-ai-gateway-node';
import { setTimeout as delay } from 'node:timers/promises';
import { eventually } from '../__testUtils__/eventually';
import type { ReserveRequest } from './Limiter';
import { describeWithRedis } from './testing/describeWithRedis';
import {
  entry,
  held,
  money,
  quota,
  rpm,
  subject,
  ResilientStage,
} from './testing/ResilientStage';

jest.setTimeout(20_000);

describeWithRedis('ResilientLimiter with a Redis that is late or fails', () => {
  const stage = ResilientStage.use(6399);

  it('releases a reservation whose answer came too late', async () => {
    await stage.seed(money, 0);
    await stage.seed(quota, 0);
    stage.server.freeze();
    const share = { mode: 'share' } as const;
    const request = {
      holdId: 'late',
      ttlMs: 60_000,
      entries: [entry(quota, 1000, 30, share)],
    };
    expect(await stage.limiter.reserve(request)).toMatchObject({
      outcome: 'needs-seed',
    });
    stage.server.thaw();
    await eventually(
      async () =>
        (await stage.connection.exists('{aigw:limits}:hold:late')) === 1 &&
        (await stage.spentIn(quota)).reserved === 0,
    );
    // The same admission goes on alone: its hold in Redis is closed.
    await stage.seed(quota, 0);
    expect(await stage.limiter.reserve(request)).toMatchObject({
      outcome: 'admitted',
      hold: { store: 'local' },
    });
  });

  it('tells again what Redis failed to take when it was told first', async () => {
    let failing = 0;
    stage.recreate({
      own: redis => ({
        settle: async (hold, actual) => {
          failing -= 1;
          if (failing >= 0) throw new Error('READONLY');
          return redis.settle(hold, actual);
        },
      }),
    });
    await stage.seed(money, 100);
    const holds = [
      held(await stage.reserve([entry(money, 1000, 5)])),
      held(await stage.reserve([entry(money, 1000, 5)])),
    ];
    stage.server.freeze();
    await stage.untilDegraded();
    for (const hold of holds) await stage.limiter.settle(hold, { money: 5 });
    failing = 3;
    stage.server.thaw();
    await stage.untilNormal();
    expect(await stage.spentIn(money)).toMatchObject({
      spent: 110,
      reserved: 0,
    });
  });

  it('goes on with what it cannot give back, whether the answer is late or an error', async () => {
    let fails = true;
    stage.recreate({
      own: redis => ({
        trim: async (hold, amounts) => {
          if (fails) throw new Error('READONLY');
          return redis.trim(hold, amounts);
        },
      }),
    });
    await stage.seed(money, 100);
    const hold = held(await stage.reserve([entry(money, 1000, 50)]));
    expect(await stage.limiter.trim(hold, [10])).toEqual(hold);
    expect(await stage.spentIn(money)).toMatchObject({ reserved: 50 });
    fails = false;
    stage.server.freeze();
    expect(await stage.limiter.trim(hold, [20])).toEqual(hold);
    stage.server.thaw();
    // What was late is done, and is no harm to what follows.
    await eventually(async () => (await stage.spentIn(money)).reserved === 20);
    expect(await stage.limiter.trim(hold, [30])).toMatchObject({
      entries: [{ granted: 20 }],
    });
    await stage.limiter.settle(hold, { money: 40 });
    expect(await stage.spentIn(money)).toMatchObject({
      spent: 140,
      reserved: 0,
    });
    expect(stage.modes).toEqual([]);
  });

  it('stays as it is after a single failure', async () => {
    stage.server.freeze();
    await stage.limiter.read([rpm]);
    stage.server.thaw();
    await eventually(async () => {
      const result = await stage.reserve([entry(rpm, 100, 1)]);
      return result.outcome === 'admitted' && result.hold.store === 'shared';
    });
    expect(stage.modes).toEqual([]);
  });

  it('takes what fails at one moment for one failure, however much it is', async () => {
    stage.server.freeze();
    await Promise.all(
      Array.from({ length: 20 }, () => stage.limiter.read([rpm])),
    );
    stage.server.thaw();
    await eventually(async () => {
      const result = await stage.reserve([entry(rpm, 100, 1)]);
      return result.outcome === 'admitted' && result.hold.store === 'shared';
    });
    expect(stage.modes).toEqual([]);
  });

  it('waits for a Redis that answers one after the other for longer than the deadline', async () => {
    let turn = Promise.resolve();
    stage.recreate({
      own: redis => ({
        reserve: (request: ReserveRequest) => {
          turn = turn.then(() => delay(10));
          return turn.then(() => redis.reserve(request));
        },
      }),
    });
    await stage.seed(money, 0);
    const results = await Promise.all(
      Array.from({ length: 40 }, () => stage.reserve([entry(money, 1000, 1)])),
    );
    expect(results.map(result => held(result).store)).toEqual(
      results.map(() => 'shared'),
    );
    expect(stage.modes).toEqual([]);
  });

  it('waits once more, for the same answer, before it says that a budget cannot be told', async () => {
    const DEADLINE_MS = 400;
    stage.recreate({ deadlineMs: DEADLINE_MS });
    await stage.seed(money, 0);
    const leases: LimitCounter = {
      subject,
      measure: 'concurrency',
      window: 'none',
    };
    stage.server.freeze();
    const asked = stage.reserve([entry(leases, 1, 1), entry(money, 1000, 1)]);
    await delay(1.5 * DEADLINE_MS);
    stage.server.thaw();
    expect(held(await asked).store).toBe('shared');
    expect((await stage.redis.read([leases]))[0]).toMatchObject({
      reserved: 1,
    });
    expect(stage.modes).toEqual([]);
  });

  it('lets bugs be seen as bugs', async () => {
    await expect(stage.reserve([entry(rpm, 5, 0.5)])).rejects.toThrow(
      TypeError,
    );
    expect(stage.modes).toEqual([]);
  });
});
