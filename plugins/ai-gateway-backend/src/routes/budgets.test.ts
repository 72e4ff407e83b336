import {
  endpoints,
  type Budget,
} from '@ai-gateway/backstage-plugin-ai-gateway-common';
import {
  seedProject,
  seedProvider,
  seedPublishedModel,
} from '../__testUtils__/seed';
import { TestControlPlane } from '../__testUtils__/TestControlPlane';
import { insertUsage } from '../__testUtils__/usageRows';

describe('budgets', () => {
  let plane: TestControlPlane;
  let keyId: string;
  const project = { kind: 'project', id: 'checkout' };
  const organisation = { kind: 'organisation' };

  beforeEach(async () => {
    plane = await TestControlPlane.start();
    await seedProject(plane, 'checkout', 'payments');
    const { id } = await seedProvider(plane);
    for (const model of ['large', 'medium', 'small']) {
      await seedPublishedModel(plane, model, id);
    }
    const { apiKey } = await plane.ok('alice', endpoints.createApiKey, {
      body: { label: 'x', projectId: 'checkout' },
    });
    keyId = apiKey.id;
  });

  const body = (subject: object, usd: string, more: object = {}) => ({
    subject,
    window: 'month',
    amount: { kind: 'absolute', usd },
    ...more,
  });
  const create = (input: object) =>
    plane.call('admin', endpoints.createBudget, { body: input });
  const created = async (input: object): Promise<Budget> => {
    const { status, body: answer } = await create(input);
    expect({ status, answer }).toEqual({ status: 201, answer });
    return answer;
  };
  const update = (budget: Budget, input: object) =>
    plane.call('admin', endpoints.updateBudget, {
      params: { budgetId: budget.id },
      body: { version: budget.version, ...input },
    });
  const get = (budget: Budget) =>
    plane.ok('admin', endpoints.getBudget, {
      params: { budgetId: budget.id },
    });
  const fieldsOf = async (answer: ReturnType<typeof create>) => {
    const { status, body: refused } = await answer;
    return [
      status,
      ...(refused.error?.fields ?? []).map(f => `${f.path}: ${f.message}`),
    ];
  };
  /** The whole hour that runs. */
  const thisHour = () => {
    const hour = new Date();
    hour.setUTCMinutes(0, 0, 0);
    return hour.toISOString();
  };

  it('tells of 80 percent and blocks at 100 unless it says otherwise', async () => {
    const budget = await created(body(project, '250.5'));
    expect(budget).toMatchObject({
      amount: { kind: 'absolute', usd: '250.5' },
      effectiveUsd: '250.5',
      thresholds: [
        { percent: 80, action: 'notify' },
        { percent: 100, action: 'block' },
      ],
      refusalStatus: 402,
      whenDegraded: null,
      running: { spentUsd: '0', percent: 0, notices: [] },
    });
    const row = await plane.db('budgets').where({ id: budget.id }).first();
    expect(row.amount_nano_usd).toBe('250500000000');
    expect(Number(row.revision)).toBe(await plane.revision());
    const now = new Date();
    expect(budget.running.startsAt).toBe(
      new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth())).toISOString(),
    );
    expect(budget.running.endsAt).toBe(
      new Date(
        Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1),
      ).toISOString(),
    );
  });

  it('sums the ledger of its subject, and a change in mid-window forgets nothing of it', async () => {
    await insertUsage(plane, [
      {
        hour: thisHour(),
        apiKeyId: keyId,
        modelId: 'small',
        cost: '3000000001',
      },
      { hour: thisHour(), modelId: 'large', cost: '1000000000' },
      { hour: thisHour(), projectId: 'other', cost: '500000000' },
      { hour: '2020-01-01T00:00:00Z', apiKeyId: keyId, cost: '7000000000' },
    ]);
    await plane
      .db('usage_hourly')
      .where({ api_key_id: keyId })
      .update({ owner_kind: 'user', owner_ref: 'user:default/alice' });
    await plane
      .db('usage_hourly')
      .update({ business_unit: 'Unit of payments' });
    await plane.db.raw('SELECT rebuild_usage_rollups()');
    const spentBy = async (subject: object, window: string) =>
      (await created(body(subject, '100', { window }))).running.spentUsd;
    expect(await spentBy(organisation, 'month')).toBe('4.500000001');
    expect(await spentBy(organisation, 'total')).toBe('11.500000001');
    expect(
      await spentBy({ kind: 'business-unit', id: 'Unit of payments' }, 'day'),
    ).toBe('4.500000001');
    expect(await spentBy(project, 'week')).toBe('4.000000001');
    expect(
      await spentBy({ kind: 'subscription', id: 'checkout/large' }, 'month'),
    ).toBe('1');
    expect(
      await spentBy({ kind: 'user', id: 'user:default/alice' }, 'month'),
    ).toBe('3.000000001');
    expect(
      await spentBy(
        { kind: 'app', id: 'component:default/checkout-web' },
        'month',
      ),
    ).toBe('0');
    const budget = await created(body({ kind: 'key', id: keyId }, '4'));
    expect(budget.running).toMatchObject({
      spentUsd: '3.000000001',
      percent: 75,
    });
    const { body: raised } = await update(budget, {
      amount: { kind: 'absolute', usd: '2' },
    });
    expect(raised.running).toMatchObject({
      spentUsd: '3.000000001',
      percent: 150,
    });
  });

  it('follows what it is a fraction of, and refuses what is above', async () => {
    const parent = await created(body(project, '100'));
    const key = { kind: 'key', id: keyId };
    expect(await fieldsOf(create(body(key, '100.000000001')))).toEqual([
      400,
      expect.stringMatching(/^amount: .*100\.000000001.*100/),
    ]);
    const child = await created(
      body(key, '', { amount: { kind: 'fraction', fraction: 0.25 } }),
    );
    expect(child.effectiveUsd).toBe('25');
    await update(parent, { amount: { kind: 'absolute', usd: '10' } });
    expect((await get(child)).effectiveUsd).toBe('2.5');
    const { status } = await plane.call('admin', endpoints.deleteBudget, {
      params: { budgetId: parent.id },
    });
    expect(status).toBe(409);
  });

  it('takes what is to happen on the way', async () => {
    const thresholds = [
      { percent: 50, action: 'notify' },
      { percent: 80, action: 'throttle', requestsPerMinute: 10 },
      { percent: 90, action: 'downshift', model: 'small' },
      { percent: 120, action: 'block' },
    ];
    const budget = await created(
      body(project, '1', {
        thresholds,
        refusalStatus: 429,
        whenDegraded: { mode: 'share' },
      }),
    );
    expect(budget).toMatchObject({
      thresholds,
      refusalStatus: 429,
      whenDegraded: { mode: 'share' },
    });
    const refused = await plane.call('admin', endpoints.deleteModel, {
      params: { modelId: 'small' },
    });
    expect(refused.status).toBe(409);
  });

  it.each<[string, object, string]>([
    ['zero', { amount: { kind: 'absolute', usd: '0' } }, 'amount.usd: Zero'],
    [
      'negative',
      { amount: { kind: 'absolute', usd: '-1' } },
      'amount.usd: It cannot be negative',
    ],
    [
      'not a decimal',
      { amount: { kind: 'absolute', usd: '1e3' } },
      'amount.usd: Enter an amount in dollars',
    ],
    [
      'a number',
      { amount: { kind: 'absolute', usd: 5 } },
      'amount.usd: Invalid input',
    ],
    [
      'too fine',
      { amount: { kind: 'absolute', usd: '0.0000000001' } },
      'amount.usd: Use at most nine digits',
    ],
    [
      'more than is counted exactly',
      { amount: { kind: 'absolute', usd: '9007199.254740992' } },
      'amount.usd: The most that is counted exactly is 9007199.254740991 dollars',
    ],
    [
      'by the minute',
      { window: 'minute' },
      'window: The windows of a budget are',
    ],
    ['refused with a teapot', { refusalStatus: 418 }, 'refusalStatus: Use 402'],
    ['without thresholds', { thresholds: [] }, 'thresholds: Say what happens'],
    [
      'of thresholds that fall',
      {
        thresholds: [
          { percent: 90, action: 'notify' },
          { percent: 80, action: 'notify' },
        ],
      },
      'thresholds.1.percent: Percentages rise',
    ],
    [
      'of a threshold twice',
      {
        thresholds: [
          { percent: 80, action: 'notify' },
          { percent: 80, action: 'block' },
        ],
      },
      'thresholds.1.percent: Percentages rise',
    ],
    [
      'of a threshold after the block',
      {
        thresholds: [
          { percent: 80, action: 'block' },
          { percent: 90, action: 'notify' },
        ],
      },
      'thresholds.1: Nothing is reached after the block',
    ],
    [
      'a throttle to nothing',
      {
        thresholds: [{ percent: 80, action: 'throttle', requestsPerMinute: 0 }],
      },
      'thresholds.0.requestsPerMinute: Enter at least one request',
    ],
    [
      'a downshift to an unknown model',
      { thresholds: [{ percent: 80, action: 'downshift', model: 'tiny' }] },
      "thresholds.0.model: There is no published model 'tiny'",
    ],
    [
      'a downshift of a model to itself',
      {
        subject: { kind: 'subscription', id: 'checkout/small' },
        thresholds: [{ percent: 80, action: 'downshift', model: 'small' }],
      },
      "thresholds.0.model: Requests for 'small' already go to 'small'",
    ],
    [
      'a fraction of nothing',
      { amount: { kind: 'fraction', fraction: 0.5 } },
      'amount: The budget of project',
    ],
  ])('refuses what is %s', async (_, wrong, message) => {
    expect(await fieldsOf(create(body(project, '5', wrong)))).toEqual([
      400,
      expect.stringContaining(message),
    ]);
  });

  it('refuses downshifts that go round in a circle', async () => {
    const down = (from: string, to: string) =>
      body({ kind: 'subscription', id: `checkout/${from}` }, '5', {
        thresholds: [{ percent: 80, action: 'downshift', model: to }],
      });
    await created(down('large', 'medium'));
    await created(down('medium', 'small'));
    expect(await fieldsOf(create(down('small', 'large')))).toEqual([
      400,
      'thresholds.0.model: Requests would go round in a circle: small → large → medium → small',
    ]);
  });

  it('lists budgets with what is spent of each', async () => {
    await insertUsage(plane, [{ hour: thisHour(), cost: '1000000000' }]);
    await created(body(project, '10'));
    await created(body(organisation, '20'));
    const { items } = await plane.ok('alice', endpoints.listBudgets, {});
    expect(
      items.map(({ subject, running }) => [subject.kind, running.percent]),
    ).toEqual([
      ['organisation', 5],
      ['project', 10],
    ]);
  });

  it('shows its notices and its history', async () => {
    const budget = await created(body(project, '10'));
    const notice = (windowStart: string, percent: number) =>
      plane.db('budget_notices').insert({
        budget_id: budget.id,
        window_start: windowStart,
        percent,
        spent_nano_usd: '8500000000',
        amount_nano_usd: '10000000000',
      });
    await notice('2026-01-01T00:00:00Z', 80);
    await notice(budget.running.startsAt, 80);
    expect((await get(budget)).running.notices).toMatchObject([
      { percent: 80, spentUsd: '8.5', amountUsd: '10' },
    ]);
    const path = { params: { budgetId: budget.id } };
    const { items, totalCount } = await plane.ok(
      'alice',
      endpoints.listBudgetNotices,
      path,
    );
    expect(totalCount).toBe(2);
    expect(items.map(({ windowStart }) => windowStart)).toEqual([
      budget.running.startsAt,
      '2026-01-01T00:00:00.000Z',
    ]);
    await plane.ok('admin', endpoints.deleteBudget, path);
    expect(
      (await plane.ok('alice', endpoints.getBudgetHistory, path)).items,
    ).toMatchObject([
      { action: 'budget.remove', before: { amount: { usd: '10' } } },
      { action: 'budget.create' },
    ]);
  });
});
