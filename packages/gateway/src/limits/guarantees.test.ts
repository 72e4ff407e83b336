import {
  MAX_AMOUNT,
  type LimitCounter,
} from '@ai-gateway/backstage-plugin-ai-gateway-node';
import fc from 'fast-check';
import { InProcessLimiter } from './InProcessLimiter';
import type { BudgetCounterId, Hold } from './Limiter';
import { FakeClock } from './testing/FakeClock';

/**
 * What `Limiter` guarantees, as an outsider can check it: by what was admitted and what came of it. In process only, for Redis does the
 * same in every case (`properties.test.ts`).
 */

const START = Date.parse('2026-02-27T22:00:00Z');
const MINUTE = 60_000;
const subject = { kind: 'project', id: 'p' } as const;
const tpm: LimitCounter = { subject, measure: 'tokens', window: 'minute' };
const streams: LimitCounter = {
  subject,
  measure: 'concurrency',
  window: 'none',
};
const total: BudgetCounterId = { subject, measure: 'money', window: 'total' };

const make = () => {
  const clock = new FakeClock(START);
  return { clock, limiter: InProcessLimiter.create({ clock }) };
};

const steps = fc.array(
  fc.record({
    pass: fc.oneof(fc.nat(2000), fc.nat(20_000)),
    jump: fc.oneof(
      { weight: 4, arbitrary: fc.constant(0) },
      fc.integer({ min: -10 * MINUTE, max: 10 * MINUTE }),
    ),
    amount: fc.integer({ min: 1, max: 60 }),
    /** Of what was reserved. */
    used: fc.double({ min: 0, max: 1, noNaN: true }),
    settles: fc.boolean(),
    /** How much of what is not used is given back before; `null`: not asked. */
    trims: fc.option(fc.double({ min: 0, max: 1, noNaN: true })),
    limit: fc.integer({ min: 1, max: 100 }),
  }),
  { minLength: 1, maxLength: 60 },
);

describe('what is guaranteed', () => {
  it('of a rate: in no span of a minute is more admitted than the limit, though clocks jump', async () => {
    await fc.assert(
      fc.asyncProperty(steps, async sequence => {
        const { clock, limiter } = make();
        const admissions: { at: number; amount: number }[] = [];
        let id = 0;
        // A jump may free what a second would: which is why time is taken from the clock that nobody sets.
        let lent = 0;
        for (const { pass, jump, amount, used, settles, trims } of sequence) {
          clock.pass(pass);
          clock.jump(jump);
          if (jump > 0) lent += 1000;
          const result = await limiter.reserve({
            holdId: `h${(id += 1)}`,
            ttlMs: MINUTE,
            entries: [{ counter: tpm, limit: 100, amount }],
          });
          if (result.outcome !== 'admitted') continue;
          const tokens = Math.floor(amount * used);
          const kept = amount - Math.floor((amount - tokens) * (trims ?? 0));
          if (trims !== null) await limiter.trim(result.hold, [kept]);
          if (settles) await limiter.settle(result.hold, { tokens });
          admissions.push({
            at: clock.monotonicMs(),
            amount: settles ? tokens : kept,
          });
        }
        for (const { at: end } of admissions) {
          const inSpan = admissions
            .filter(({ at }) => at <= end && at >= end - MINUTE + lent)
            .reduce((sum, { amount }) => sum + amount, 0);
          expect(inSpan).toBeLessThanOrEqual(100);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('of a budget: never more is spent than the highest limit, if no request takes more than it reserved', async () => {
    await fc.assert(
      fc.asyncProperty(steps, async sequence => {
        const { clock, limiter } = make();
        await limiter.seed([{ counter: total, windowStart: 0, spent: 0 }]);
        const open: { hold: Hold; readonly money: number }[] = [];
        let spent = 0;
        let highest = 0;
        let id = 0;
        for (const step of sequence) {
          const { pass, jump, amount, used, settles, trims, limit } = step;
          clock.pass(pass);
          clock.jump(jump);
          highest = Math.max(highest, limit);
          const result = await limiter.reserve({
            holdId: `h${(id += 1)}`,
            ttlMs: 15 * MINUTE,
            entries: [{ counter: total, limit, amount }],
          });
          if (result.outcome === 'admitted') {
            const money = Math.floor(amount * used);
            open.push({ hold: result.hold, money });
          }
          const oldest = open.at(0);
          if (oldest && trims !== null) {
            const granted = oldest.hold.entries[0].granted;
            const kept = granted - Math.floor((granted - oldest.money) * trims);
            oldest.hold = await limiter.trim(oldest.hold, [kept]);
          }
          const next = settles ? open.shift() : undefined;
          if (next) {
            await limiter.settle(next.hold, { money: next.money });
            spent += next.money;
          }
          const [reading] = await limiter.read([total]);
          expect(reading.spent).toBe(spent);
          expect(reading.spent + reading.reserved).toBeLessThanOrEqual(highest);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('of leases: never more run at once than the limit', async () => {
    await fc.assert(
      fc.asyncProperty(steps, async sequence => {
        const { clock, limiter } = make();
        const running: Hold[] = [];
        let id = 0;
        for (const { pass, jump, settles } of sequence) {
          clock.pass(pass);
          clock.jump(jump);
          await limiter.renew(running, 15 * MINUTE);
          const result = await limiter.reserve({
            holdId: `h${(id += 1)}`,
            ttlMs: 15 * MINUTE,
            entries: [{ counter: streams, limit: 5, amount: 1 }],
          });
          if (result.outcome === 'admitted') running.push(result.hold);
          expect(running.length).toBeLessThanOrEqual(5);
          const next = settles ? running.shift() : undefined;
          if (next) await limiter.release(next);
          const [{ reserved }] = await limiter.read([streams]);
          expect(reserved).toBe(running.length);
        }
      }),
    );
  });

  it('of settlements: twice and in any order, they come to the same', async () => {
    const amounts = fc.array(fc.nat(10 ** 12), { minLength: 1, maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(
        amounts.chain(list =>
          fc.tuple(
            fc.constant(list),
            fc.shuffledSubarray(
              [...list.keys(), ...list.keys()].map((n, place) => ({
                n,
                place,
              })),
              { minLength: list.length * 2 },
            ),
          ),
        ),
        async ([list, order]) => {
          const { limiter } = make();
          await limiter.seed([{ counter: total, windowStart: 0, spent: 0 }]);
          const holds: Hold[] = [];
          for (const [n, amount] of list.entries()) {
            const result = await limiter.reserve({
              holdId: `h${n}`,
              ttlMs: MINUTE,
              entries: [{ counter: total, limit: MAX_AMOUNT, amount }],
            });
            if (result.outcome !== 'admitted') throw new Error(result.outcome);
            holds.push(result.hold);
          }
          for (const { n } of order) {
            await limiter.settle(holds[n], { money: list[n] });
          }
          expect((await limiter.read([total]))[0]).toMatchObject({
            spent: list.reduce((sum, amount) => sum + amount, 0),
            reserved: 0,
          });
        },
      ),
    );
  });
});
