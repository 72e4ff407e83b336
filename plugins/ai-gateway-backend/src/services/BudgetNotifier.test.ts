import {
  endpoints,
  type Budget,
  type BudgetThresholdEvent,
} from '@ai-gateway/backstage-plugin-ai-gateway-common';
import { mockServices } from '@backstage/backend-test-utils';
import { createStores } from '../database/Stores';
import { seedProject } from '../__testUtils__/seed';
import { TestControlPlane } from '../__testUtils__/TestControlPlane';
import { insertUsage } from '../__testUtils__/usageRows';
import { BudgetNotifier } from './BudgetNotifier';

/** In the middle of a month and of a day. */
const NOW = Date.parse('2026-06-17T12:30:00Z');
const HOUR = '2026-06-17T12:00:00Z';

describe('BudgetNotifier', () => {
  let plane: TestControlPlane;
  let told: BudgetThresholdEvent[];
  let now: number;
  let published: (event: BudgetThresholdEvent) => Promise<void>;

  beforeEach(async () => {
    plane = await TestControlPlane.start();
    await seedProject(plane, 'checkout', 'payments');
    told = [];
    now = NOW;
    published = async event => {
      told.push(event);
    };
  });

  const notifier = () =>
    BudgetNotifier.create({
      stores: createStores(plane.db),
      events: {
        publish: async ({ eventPayload }) =>
          published(eventPayload as BudgetThresholdEvent),
      },
      logger: mockServices.logger.mock(),
      clock: () => now,
    });
  const setBudget = (usd: string, more: object = {}): Promise<Budget> =>
    plane.ok('admin', endpoints.createBudget, {
      body: {
        subject: { kind: 'project', id: 'checkout' },
        window: 'month',
        amount: { kind: 'absolute', usd },
        ...more,
      },
    });
  const createdAt = (budget: Budget, at: string) =>
    plane.db('budgets').where({ id: budget.id }).update({ created_at: at });
  const spend = (usd: number, hour: string = HOUR) =>
    insertUsage(plane, [{ hour, cost: String(usd * 1e9) }]);
  const percents = () => told.map(({ percent }) => percent);

  it('tells of a threshold once it is reached, and not before', async () => {
    const budget = await setBudget('10', { note: 'Launch' });
    await spend(7.999999999);
    expect(await notifier().run()).toBe(0);
    await spend(0.000000001);
    expect(await notifier().run()).toBe(1);
    expect(told).toEqual([
      {
        budgetId: budget.id,
        subject: { kind: 'project', id: 'checkout' },
        window: 'month',
        windowStart: '2026-06-01T00:00:00.000Z',
        windowEnd: '2026-07-01T00:00:00.000Z',
        percent: 80,
        action: 'notify',
        spentUsd: '8',
        amountUsd: '10',
        note: 'Launch',
        noticedAt: new Date(NOW).toISOString(),
      },
    ]);
  });

  it('tells of each threshold once, however many look at once', async () => {
    await setBudget('10');
    await spend(25);
    const counts = await Promise.all(
      Array.from({ length: 8 }, () => notifier().run()),
    );
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(2);
    expect(percents().sort()).toEqual([100, 80]);
    expect(await notifier().run()).toBe(0);
    expect(await plane.db('budget_notices')).toHaveLength(2);
  });

  it('tells again in the next window', async () => {
    await setBudget('10');
    await spend(9);
    await notifier().run();
    now = Date.parse('2026-07-05T00:00:00Z');
    expect(await notifier().run()).toBe(0);
    await spend(9, '2026-07-04T00:00:00Z');
    await notifier().run();
    expect(told.map(({ windowStart }) => windowStart.slice(0, 7))).toEqual([
      '2026-06',
      '2026-07',
    ]);
  });

  it('tells of what was booked just after its window ended, and not of older windows', async () => {
    await createdAt(await setBudget('10'), '2026-06-30T23:59:59.999Z');
    await spend(9, '2026-06-30T23:00:00Z');
    await spend(9, '2026-05-31T23:00:00Z');
    now = Date.parse('2026-07-01T00:20:00Z');
    expect(await notifier().run()).toBe(1);
    expect(told[0].windowStart).toBe('2026-06-01T00:00:00.000Z');
    expect(await notifier().run()).toBe(0);
  });

  it('does not judge a budget in a window that had ended when it was made', async () => {
    await createdAt(await setBudget('10'), '2026-07-01T00:00:00Z');
    await spend(9, '2026-06-30T23:00:00Z');
    now = Date.parse('2026-07-01T00:20:00Z');
    expect(await notifier().run()).toBe(0);
    await spend(8, '2026-07-01T00:00:00Z');
    expect(await notifier().run()).toBe(1);
    expect(told[0].windowStart).toBe('2026-07-01T00:00:00.000Z');
  });

  it('follows an amount that changes in mid-window, and forgets nothing spent', async () => {
    const budget = await setBudget('100');
    await spend(9);
    expect(await notifier().run()).toBe(0);
    const change = (version: number, usd: string) =>
      plane.ok('admin', endpoints.updateBudget, {
        params: { budgetId: budget.id },
        body: { version, amount: { kind: 'absolute', usd } },
      });
    await change(1, '10');
    expect(await notifier().run()).toBe(1);
    await change(2, '1000');
    await change(3, '9');
    expect(await notifier().run()).toBe(1);
    expect(percents()).toEqual([80, 100]);
  });

  it('follows what a budget is a fraction of', async () => {
    await setBudget('100', { subject: { kind: 'organisation' } });
    const budget = await setBudget('', {
      amount: { kind: 'fraction', fraction: 0.1 },
    });
    await spend(8);
    await notifier().run();
    expect(told).toMatchObject([{ budgetId: budget.id, amountUsd: '10' }]);
  });

  it('tells of a total once and for ever, and of a removed budget never', async () => {
    await setBudget('10', { window: 'total' });
    const removed = await setBudget('10', { window: 'day' });
    await plane.ok('admin', endpoints.deleteBudget, {
      params: { budgetId: removed.id },
    });
    await spend(9, '2020-01-01T00:00:00Z');
    await spend(1);
    expect(await notifier().run()).toBe(2);
    now = Date.parse('2027-01-01T00:10:00Z');
    expect(await notifier().run()).toBe(0);
  });

  it('keeps the notice when nobody can be told', async () => {
    const budget = await setBudget('10');
    await spend(9);
    published = () => Promise.reject(new Error('The bus is down'));
    expect(await notifier().run()).toBe(1);
    const { items } = await plane.ok('alice', endpoints.listBudgetNotices, {
      params: { budgetId: budget.id },
    });
    expect(items).toMatchObject([{ percent: 80, spentUsd: '9' }]);
  });
});
