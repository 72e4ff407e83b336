import type { LimitCounter } from '@ai-gateway/backstage-plugin-ai-gateway-node';
import fc from 'fast-check';
import { InProcessLimiter } from '../../limits/InProcessLimiter';
import type { BudgetCounterId } from '../../limits/Limiter';
import { FakeClock } from '../../limits/testing/FakeClock';
import {
  AskingGateway,
  chainOf,
  type LetIn,
} from '../__testUtils__/AskingGateway';

/** What `Limiter` guarantees holds as well for several gateways that reserve ahead, as an outsider can check it. */

const START = Date.parse('2026-02-27T22:00:00Z');
const MINUTE = 60_000;
const TOKENS_A_MINUTE = 20_000;
const BUDGET = 60_000;

const subject = { kind: 'project', id: 'p' } as const;
const tpm: LimitCounter = { subject, measure: 'tokens', window: 'minute' };
const total: BudgetCounterId = { subject, measure: 'money', window: 'total' };

const bursts = fc.array(
  fc.record({
    pass: fc.oneof({ weight: 8, arbitrary: fc.nat(300) }, fc.nat(20_000)),
    gateway: fc.nat(1),
    count: fc.integer({ min: 1, max: 25 }),
    amount: fc.integer({ min: 1, max: 40 }),
    /** Of what was reserved. */
    used: fc.double({ min: 0, max: 1, noNaN: true }),
    /** How many that are under way are over after it. */
    over: fc.nat(30),
  }),
  { minLength: 10, maxLength: 80 },
);

interface UnderWay {
  readonly letIn: LetIn;
  readonly actual: number;
}

describe('what is guaranteed with allowances', () => {
  it('never more is let in than the limit, in no span of a minute and of no budget, and what was used is counted exactly', async () => {
    let ahead = 0;
    await fc.assert(
      fc.asyncProperty(bursts, async sequence => {
        const clock = new FakeClock(START);
        const limiter = InProcessLimiter.create({ clock });
        await limiter.seed([{ counter: total, windowStart: 0, spent: 0 }]);
        const gateways = ['a', 'b'].map(
          name => new AskingGateway({ limiter, clock, name }),
        );
        const chain = chainOf([
          { counter: tpm, limit: TOKENS_A_MINUTE },
          { counter: total, limit: BUDGET },
        ]);
        const underWay: UnderWay[] = [];
        const admissions: { at: number; amount: number }[] = [];
        let used = 0;
        for (const burst of sequence) {
          clock.pass(burst.pass);
          for (const { allowances } of gateways) await allowances.sweep();
          const { amount } = burst;
          for (let n = 0; n < burst.count; n++) {
            const asked = await gateways[burst.gateway].ask(chain, {
              tokens: amount,
              money: amount,
            });
            if (!('by' in asked)) continue;
            if (asked.by === 'allowance') ahead += 1;
            const actual = Math.floor(amount * burst.used);
            underWay.push({ letIn: asked, actual });
            admissions.push({ at: clock.monotonicMs(), amount: actual });
          }
          for (const { letIn, actual } of underWay.splice(0, burst.over)) {
            await letIn.reserved.settle({ tokens: actual, money: actual });
            used += actual;
          }
          const [{ spent, reserved }] = await limiter.read([total]);
          expect(spent + reserved).toBeLessThanOrEqual(BUDGET);
          expect(spent).toBeLessThanOrEqual(used);
        }
        for (const { letIn, actual } of underWay) {
          await letIn.reserved.settle({ tokens: actual, money: actual });
          used += actual;
        }
        for (const { allowances } of gateways) await allowances.close();

        const [budget] = await limiter.read([total]);
        expect(budget).toMatchObject({ spent: used, reserved: 0 });
        for (const { at: end } of admissions) {
          const inSpan = admissions
            .filter(({ at }) => at <= end && at > end - MINUTE)
            .reduce((sum, { amount }) => sum + amount, 0);
          expect(inSpan).toBeLessThanOrEqual(TOKENS_A_MINUTE);
        }
      }),
      { numRuns: 200 },
    );
    // Or nothing of it was seen.
    expect(ahead).toBeGreaterThan(1000);
  });
});
