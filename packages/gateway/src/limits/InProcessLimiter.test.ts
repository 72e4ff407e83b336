import { InProcessLimiter } from './InProcessLimiter';
import type { Hold } from './Limiter';
import { CONTRACT_START } from './contract/fixture';
import { describeLimiterContract } from './limiterContract';
import { FakeClock } from './testing/FakeClock';
import { standIn } from './testing/standIn';

describe('InProcessLimiter', () => {
  describeLimiterContract(async () => {
    const clock = new FakeClock(CONTRACT_START);
    let current = InProcessLimiter.create({ clock });
    return {
      clock,
      limiter: standIn(() => current),
      loseMemory: async () => {
        current = InProcessLimiter.create({ clock });
      },
    };
  });

  it('keeps nothing of what is over', async () => {
    const clock = new FakeClock(CONTRACT_START);
    const limiter = InProcessLimiter.create({ clock });
    for (let n = 0; n < 2000; n += 1) {
      const subject = { kind: 'key', id: `k${n}` } as const;
      const result = await limiter.reserve({
        holdId: `h${n}`,
        ttlMs: 60_000,
        entries: [
          {
            counter: { subject, measure: 'requests', window: 'minute' },
            limit: 5,
            amount: 1,
          },
        ],
      });
      const { hold } = result as { hold: Hold };
      await limiter.settle(hold, {});
      clock.pass(10_000);
    }
    // A minute of counters and a quarter of an hour of holds, and what the sweep has not come to.
    expect(limiter.size.counters).toBeLessThan(30);
    expect(limiter.size.holds).toBeLessThan(200);
  });
});
