import type { LimitCounter } from '@ai-gateway/backstage-plugin-ai-gateway-node';
import { NOTHING } from '../../limits/actualOf';
import { InProcessLimiter } from '../../limits/InProcessLimiter';
import type { BudgetCounterId } from '../../limits/Limiter';
import { FakeClock } from '../../limits/testing/FakeClock';
import {
  AskingGateway,
  chainOf,
  type LetIn,
} from '../__testUtils__/AskingGateway';
import { ALLOWANCE_MS } from './AllowancePool';

const START = Date.parse('2026-02-27T15:30:20.000Z');
const SECOND = 1000;
const MINUTE = 60 * SECOND;

const subject = { kind: 'project', id: 'p' } as const;
const rpm: LimitCounter = { subject, measure: 'requests', window: 'minute' };
const tpm: LimitCounter = { subject, measure: 'tokens', window: 'minute' };
const monthly: BudgetCounterId = { subject, measure: 'money', window: 'month' };
const daily: BudgetCounterId = { subject, measure: 'money', window: 'day' };
const atOnce: LimitCounter = {
  subject,
  measure: 'concurrency',
  window: 'none',
};

const MUCH = 1e9;
const CHAIN = chainOf([
  { counter: rpm, limit: MUCH },
  { counter: tpm, limit: MUCH },
  { counter: monthly, limit: MUCH },
]);
const USED = { requests: 1, tokens: 7, money: 70 };

describe('Allowances', () => {
  let clock: FakeClock;
  let limiter: InProcessLimiter;
  let gateway: AskingGateway;

  beforeEach(async () => {
    clock = new FakeClock(START);
    limiter = InProcessLimiter.create({ clock });
    gateway = new AskingGateway({ limiter, clock });
    for (const counter of [monthly, daily]) {
      const [{ windowStart }] = await limiter.read([counter]);
      await limiter.seed([
        { counter, windowStart: windowStart ?? 0, spent: 0 },
      ]);
    }
  });
  afterEach(() => gateway.allowances.close());

  const standing = async (counter: LimitCounter) => {
    const [{ spent, reserved }] = await limiter.read([counter]);
    return { spent, reserved };
  };

  /** Lets requests in, one every few milliseconds. */
  const letIn = async (count: number, everyMs: number, chain = CHAIN) => {
    const all: LetIn[] = [];
    for (let n = 0; n < count; n++) {
      all.push(await gateway.letIn(chain));
      clock.pass(everyMs);
      await gateway.allowances.sweep();
    }
    return all;
  };

  const byAllowance = (all: readonly LetIn[]) =>
    all.filter(({ by }) => by === 'allowance').length;

  it('lets those who ask often in without asking the limiter for each', async () => {
    const reserve = jest.spyOn(limiter, 'reserve');
    const all: LetIn[] = [];
    for (let n = 0; n < 300; n++) {
      all.push(...(await letIn(1, 10)));
      await all[n].reserved.settle(USED);
    }
    expect(byAllowance(all)).toBeGreaterThan(270);
    expect(reserve.mock.calls.length).toBeLessThan(60);
  });

  it('asks once for each that lasts, and by then it has been let in', async () => {
    const reserve = jest.spyOn(limiter, 'reserve');
    const all = await letIn(300, 10);
    expect(byAllowance(all)).toBeGreaterThan(270);
    expect(reserve.mock.calls.length).toBeLessThan(360);
  });

  it('asks for each of those who ask seldom', async () => {
    const all = await letIn(50, ALLOWANCE_MS / 2);
    expect(byAllowance(all)).toBe(0);
    expect(gateway.allowances.underWay).toBe(0);
    expect(await standing(monthly)).toEqual({ spent: 0, reserved: 5000 });
  });

  it('counts in the end exactly what was used', async () => {
    const all = await letIn(300, 10);
    for (const { reserved } of all) await reserved.settle(USED);
    clock.pass(SECOND);
    await gateway.allowances.sweep();
    expect(await standing(monthly)).toEqual({ spent: 300 * 70, reserved: 0 });
    expect(await standing(rpm)).toEqual({ spent: 300, reserved: 0 });
    expect(await standing(tpm)).toEqual({ spent: 300 * 7, reserved: 0 });
  });

  it('gives back what nobody used, soon', async () => {
    const all = await letIn(30, 5);
    for (const { reserved } of all) await reserved.settle(NOTHING);
    expect((await standing(monthly)).reserved).toBeGreaterThan(0);

    clock.pass(ALLOWANCE_MS);
    await gateway.allowances.sweep();
    expect(await standing(monthly)).toEqual({ spent: 0, reserved: 0 });
    expect(await standing(rpm)).toEqual({ spent: 0, reserved: 0 });
  });

  it('counts what was used soon, however long others last that were let in with it', async () => {
    const all = await letIn(30, 5);
    const [last] = all.splice(-1);
    for (const { reserved } of all) await reserved.settle(USED);
    clock.pass(SECOND);
    await gateway.allowances.sweep();
    // And of what lasts, what it will probably take.
    expect(await standing(monthly)).toEqual({ spent: 29 * 70, reserved: 100 });
    expect(await standing(rpm)).toEqual({ spent: 30, reserved: 0 });
    expect(await standing(tpm)).toEqual({ spent: 29 * 7 + 10, reserved: 0 });
    expect(gateway.allowances.underWay).toBe(1);

    // So that nothing is counted twice when the ledger is asked, which knows of all that is over.
    const [{ windowStart }] = await limiter.read([monthly]);
    await limiter.seed([
      { counter: monthly, windowStart: windowStart ?? 0, spent: 29 * 70 },
    ]);
    await last.reserved.settle(USED);
    expect(await standing(monthly)).toEqual({ spent: 30 * 70, reserved: 0 });
    expect(await standing(rpm)).toEqual({ spent: 30, reserved: 0 });
    expect(gateway.allowances.underWay).toBe(0);
  });

  it('notices soon when requests take more than they were expected to, though some last', async () => {
    const limit = 100_000;
    const chain = chainOf([{ counter: tpm, limit }]);
    let used = 0;
    for (let n = 0; used < 10 * limit; n++) {
      const asked = await gateway.ask(chain, { tokens: 10 });
      if (!('by' in asked)) break;
      clock.pass(5);
      await gateway.allowances.sweep();
      if (n % 5 === 0) continue;
      used += 1000;
      await asked.reserved.settle({ requests: 1, tokens: 1000, money: 0 });
    }
    // What comes in the time of an allowance, and until it is settled.
    expect(used).toBeLessThan(limit + 100 * 1000);
  });

  it('leaves requests where they are while the same cannot be reserved for them, and tries again', async () => {
    const all = await letIn(30, 5);
    const [last] = all.splice(-1);
    for (const { reserved } of all) await reserved.settle(USED);
    const reserve = jest.spyOn(limiter, 'reserve').mockResolvedValue({
      outcome: 'unavailable',
      counters: [],
      retryAfterMs: 1,
    });
    clock.pass(SECOND);
    await gateway.allowances.sweep();
    const before = await standing(monthly);
    expect(before.reserved).toBeGreaterThan(100);
    reserve.mockRestore();

    clock.pass(5 * SECOND);
    await gateway.allowances.sweep();
    expect(await standing(monthly)).toEqual({ spent: 29 * 70, reserved: 100 });
    await last.reserved.settle(USED);
    expect(await standing(monthly)).toEqual({ spent: 30 * 70, reserved: 0 });
  });

  it('counts a request that ends while it is handed over once', async () => {
    const all = await letIn(30, 5);
    const [last] = all.splice(-1);
    for (const { reserved } of all) await reserved.settle(USED);
    clock.pass(SECOND);
    const swept = gateway.allowances.sweep();
    await last.reserved.settle(USED);
    await swept;
    await gateway.allowances.sweep();
    expect(await standing(monthly)).toEqual({ spent: 30 * 70, reserved: 0 });
    expect(await standing(rpm)).toEqual({ spent: 30, reserved: 0 });
    expect(gateway.allowances.underWay).toBe(0);
  });

  it('keeps what is reserved alive for as long as a request lasts', async () => {
    jest.useFakeTimers();
    try {
      gateway = new AskingGateway({ limiter, clock, name: 'lasting' });
      const all = await letIn(30, 5);
      const last = all.splice(-1)[0];
      for (const { reserved } of all) await reserved.settle(USED);
      for (let passed = 0; passed < 5 * MINUTE; passed += 10 * SECOND) {
        clock.pass(10 * SECOND);
        await jest.advanceTimersByTimeAsync(10 * SECOND);
      }
      expect(await standing(monthly)).toEqual({
        spent: 29 * 70,
        reserved: 100,
      });
      await last.reserved.settle(USED);
      expect(await standing(monthly)).toEqual({ spent: 30 * 70, reserved: 0 });
    } finally {
      jest.useRealTimers();
    }
  });

  it('refuses nothing that would fit, and lets nothing in that would not', async () => {
    const chain = chainOf([{ counter: rpm, limit: 500 }]);
    const outcomes: boolean[] = [];
    for (let n = 0; n < 2000; n++) {
      outcomes.push('by' in (await gateway.ask(chain)));
      if (n % 100 === 99) {
        clock.pass(SECOND);
        await gateway.allowances.sweep();
      }
    }
    expect(outcomes.slice(0, 500)).toEqual(Array(500).fill(true));
    expect(outcomes.slice(500)).toEqual(Array(1500).fill(false));
  });

  it('books nothing in a second, nor in a day, that is over', async () => {
    // Just before midnight.
    clock.pass(Date.parse('2026-02-27T23:59:59.900Z') - START);
    const chain = chainOf([
      { counter: rpm, limit: MUCH },
      { counter: daily, limit: MUCH },
    ]);
    const before = await letIn(10, 5, chain);
    expect(byAllowance(before)).toBeGreaterThan(0);
    clock.pass(50);
    // Of the day before, and not to be handed over to this one.
    clock.pass(SECOND);
    await gateway.allowances.sweep();
    const after = await letIn(10, 1, chain);
    expect(after[0].by).toBe('itself');
    for (const { reserved } of [...before, ...after]) {
      await reserved.settle(USED);
    }
    clock.pass(SECOND);
    await gateway.allowances.sweep();
    expect(await standing(daily)).toEqual({ spent: 10 * 70, reserved: 0 });
  });

  it('does not reserve ahead where requests under way are counted', async () => {
    const chain = chainOf([
      { counter: atOnce, limit: 50 },
      { counter: rpm, limit: MUCH },
    ]);
    expect(gateway.allowances.poolOf(chain)).toBeNull();
    expect(byAllowance(await letIn(30, 1, chain))).toBe(0);
  });

  it('does not reserve ahead where a budget does something at a threshold', () => {
    expect(
      gateway.allowances.poolOf({
        ...CHAIN,
        budgets: [{ name: 'x', place: 2, actions: [] }],
      }),
    ).toBeNull();
  });

  it('does not reserve ahead what is not reserved where all others see it', async () => {
    gateway = new AskingGateway({ limiter, clock, store: 'shared' });
    const all = await letIn(50, 2);
    expect(byAllowance(all)).toBe(0);
    for (const { reserved } of all) await reserved.settle(NOTHING);
    expect(await standing(monthly)).toEqual({ spent: 0, reserved: 0 });
  });

  it('goes on request by request where the limiter fails', async () => {
    await letIn(10, 2);
    const settle = jest
      .spyOn(limiter, 'settle')
      .mockRejectedValue(new Error('gone'));
    clock.pass(SECOND);
    await gateway.allowances.sweep();
    expect(settle).toHaveBeenCalled();
    settle.mockRestore();
    expect(await letIn(10, 50)).toHaveLength(10);
  });

  it('has settled all when it is closed', async () => {
    const all = await letIn(30, 5);
    for (const { reserved } of all) await reserved.settle(USED);
    await gateway.allowances.close();
    expect(await standing(monthly)).toEqual({ spent: 30 * 70, reserved: 0 });
  });
});
