import { MAX_AMOUNT } from '@ai-gateway/backstage-plugin-ai-gateway-node';
import type { KeyRecord } from '../keys/KeyRecord';
import { compileRules } from './compileRule';
import { resolveChain, subjectsOf } from './resolveChain';
import { RuleChains } from './RuleChains';
import type { BudgetRow, LimitRow, RuleRow } from './RuleRow';
import { RuleTable } from './RuleTable';

const key: KeyRecord = {
  id: 'k1',
  projectId: 'search',
  ownerKind: 'user',
  ownerRef: 'user:default/ada',
  modelScope: null,
  expiresAt: null,
  revoked: false,
};

let id = 0;
const common = (subject: string) => {
  const [subjectKind, subjectId] = subject.split('=');
  id += 1;
  return {
    id: String(id),
    subjectKind,
    subjectId,
    removed: false,
    whenDegraded: null,
    degradedFraction: null,
    fraction: null,
  };
};
const limit = (subject: string, more: Partial<LimitRow> = {}): LimitRow => ({
  table: 'limit',
  ...common(subject),
  measure: 'requests',
  window: 'minute',
  amount: '10',
  ...more,
});
const budget = (subject: string, more: Partial<BudgetRow> = {}): BudgetRow => ({
  table: 'budget',
  ...common(subject),
  window: 'month',
  amount: '1000',
  thresholds: [{ percent: 100, action: 'block' }],
  refusalStatus: 402,
  ...more,
});

const tableOf = (rows: readonly RuleRow[]) => {
  const table = new RuleTable();
  const compiled = compileRules(rows);
  if (!compiled.ok) throw new Error(compiled.reason);
  table.apply(compiled.rules);
  return table;
};
const chainOf = (...rows: readonly RuleRow[]) => {
  const table = tableOf(rows);
  return resolveChain(subjectsOf(key, 'big', 'retail'), subject =>
    table.of(subject),
  );
};
const figures = (...rows: readonly RuleRow[]) =>
  chainOf(...rows).counted.map(({ name, limit: most, enforced }) => [
    name,
    most,
    enforced,
  ]);

describe('resolveChain', () => {
  it('has every level that a request belongs to, the narrowest first', () => {
    expect(
      figures(
        limit('organisation=default'),
        limit('business-unit=retail'),
        limit('project=search'),
        limit('subscription=search/big'),
        limit('user=user:default/ada'),
        limit('key=k1'),
        limit('key=k2'),
        limit('app=user:default/ada'),
        limit('subscription=search/small'),
      ).map(([name]) => name),
    ).toEqual([
      'key:k1:requests:minute',
      'user:user:default/ada:requests:minute',
      'subscription:search/big:requests:minute',
      'project:search:requests:minute',
      'business-unit:retail:requests:minute',
      'organisation:default:requests:minute',
    ]);
  });

  it('blocks a budget at its percentage, and only counts one that does not block', () => {
    expect(
      figures(
        budget('key=k1', { thresholds: [{ percent: 90, action: 'block' }] }),
        budget('project=search', {
          thresholds: [{ percent: 50, action: 'notify' }],
        }),
      ),
    ).toEqual([
      ['key:k1:money:month', 900, true],
      ['project:search:money:month', MAX_AMOUNT, false],
    ]);
  });

  it('takes a fraction of a budget, and of it what thresholds begin at, rounded up', () => {
    const { counted, budgets } = chainOf(
      budget('key=k1', {
        amount: null,
        fraction: 0.333,
        thresholds: [
          { percent: 50, action: 'downshift', model: 'small' },
          { percent: 80, action: 'throttle', requestsPerMinute: 3 },
        ],
      }),
      budget('project=search'),
    );
    expect(budgets).toMatchObject([
      {
        name: 'key:k1:money:month',
        actions: [
          { kind: 'downshift', from: 167, model: 'small' },
          { kind: 'throttle', from: 267, place: 2, requestsPerMinute: 3 },
        ],
      },
    ]);
    expect(counted[2]).toMatchObject({
      name: 'key:k1:requests:minute',
      limit: MAX_AMOUNT,
      enforced: false,
    });
  });

  it('throttles the counter that a limit has already', () => {
    const { counted, budgets } = chainOf(
      limit('key=k1'),
      budget('key=k1', {
        thresholds: [{ percent: 80, action: 'throttle', requestsPerMinute: 3 }],
      }),
    );
    expect(counted).toHaveLength(2);
    expect(budgets[0].actions).toMatchObject([{ place: 0 }]);
  });

  it('leaves out a fraction of what has no limit', () => {
    expect(figures(limit('key=k1', { amount: null, fraction: 0.5 }))).toEqual(
      [],
    );
  });
});

describe('compileRules', () => {
  it.each<[string, RuleRow]>([
    ['is 0', limit('key=k1', { amount: '0' })],
    ['is 9007199254740992', limit('key=k1', { amount: '9007199254740992' })],
    ['neither an amount nor a fraction', limit('key=k1', { amount: null })],
    ['newer one', limit('key=k1', { measure: 'joules' })],
    ['newer one', limit('key=k1', { window: 'fortnight' })],
    ['kind of subject', limit('planet=earth')],
    ['thresholds', budget('key=k1', { thresholds: [{ percent: 0 }] })],
    ['thresholds', budget('key=k1', { thresholds: 'none' })],
    ['refuses with 418', budget('key=k1', { refusalStatus: 418 })],
    ['no window for money', budget('key=k1', { window: 'minute' })],
    ['degraded operation', limit('key=k1', { whenDegraded: 'hope' })],
    ['no fraction', limit('key=k1', { whenDegraded: 'cap' })],
  ])('refuses all, naming the one that %s', (reason, row) => {
    const compiled = compileRules([limit('key=k0'), row]);
    expect(compiled).toEqual({
      ok: false,
      reason: expect.stringContaining(reason),
    });
  });
});

describe('RuleChains', () => {
  const recordOf = (n: number): KeyRecord => ({ ...key, id: `key${n}` });

  it('works a chain out once, and anew when a rule, the key or its business unit has changed', () => {
    const row = limit('project=search');
    const table = tableOf([row]);
    const chains = RuleChains.create({ table });
    const first = chains.of(key, 'big', 'retail');
    expect(chains.of(key, 'big', 'retail')).toBe(first);
    expect(chains.of({ ...key }, 'big', 'retail')).not.toBe(first);
    expect(chains.of(key, 'big', 'media')).not.toBe(first);
    const changed = compileRules([{ ...row, amount: '3' }]);
    if (!changed.ok) throw new Error(changed.reason);
    table.apply(changed.rules);
    expect(chains.of(key, 'big', 'retail').counted[0].limit).toBe(3);
    table.apply([{ row: { ...row, removed: true }, rule: null }]);
    expect(table.size).toBe(0);
    expect(chains.of(key, 'big', 'retail').counted).toEqual([]);
  });

  it('takes as long for a change with a hundred thousand limits as with a few', () => {
    const table = tableOf(
      Array.from({ length: 100_000 }, (_, n) => limit(`key=key${n}`)),
    );
    const chains = RuleChains.create({ table });
    const began = performance.now();
    for (let n = 0; n < 1_000; n++) {
      const compiled = compileRules([limit(`key=new${n}`)]);
      if (!compiled.ok) throw new Error(compiled.reason);
      table.apply(compiled.rules);
      expect(chains.of(recordOf(n), 'big', 'retail').counted).toHaveLength(1);
    }
    // A thousand changes, each with a chain worked out: microseconds each.
    expect(performance.now() - began).toBeLessThan(1_000);
  });
});
