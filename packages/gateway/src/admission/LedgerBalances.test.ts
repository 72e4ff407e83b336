import {
  applyMigrations,
  counterName,
  DatabaseLedgerStore,
  windowStartOf,
  type BudgetWindow,
  type LimitCounter,
  type LimitSubject,
} from '@ai-gateway/backstage-plugin-ai-gateway-node';
import { TestDatabases } from '@backstage/backend-test-utils';
import { testEvent } from '../__testUtils__/testEvent';
import type { SeedNeed } from '../limits/Limiter';
import { LedgerBalances } from './LedgerBalances';

jest.setTimeout(60_000);

const databases = TestDatabases.create({ ids: ['POSTGRES_18'] });

/** A Wednesday. */
const NOW = Date.parse('2026-07-15T12:30:00Z');
const at = (text: string) => Date.parse(text);

const money = (subject: LimitSubject, window: BudgetWindow): SeedNeed => ({
  counter: { subject, measure: 'money', window },
  windowStart: windowStartOf(window, NOW),
});

describe('LedgerBalances', () => {
  let balances: LedgerBalances;
  const usedIn = async (needs: readonly SeedNeed[]) => {
    const used = await balances.usedIn(needs);
    return needs.map(({ counter }) => used.get(counterName(counter)));
  };

  beforeAll(async () => {
    const knex = await databases.init('POSTGRES_18');
    await applyMigrations(knex);
    const base = { apiKeyId: 'aaaaaaaaaaaa', projectId: 'search' };
    await DatabaseLedgerStore.create({ knex }).book(
      [
        { ...base, occurredAt: at('2026-07-15T00:00:00Z'), costNanoUsd: 1n },
        {
          ...base,
          occurredAt: at('2026-07-14T23:59:59.999Z'),
          costNanoUsd: 10n,
        },
        { ...base, occurredAt: at('2026-07-13T00:00:00Z'), costNanoUsd: 100n },
        {
          ...base,
          occurredAt: at('2026-07-12T23:59:59Z'),
          costNanoUsd: 1_000n,
        },
        {
          ...base,
          occurredAt: at('2026-06-30T23:59:59Z'),
          costNanoUsd: 10_000n,
        },
        {
          apiKeyId: 'bbbbbbbbbbbb',
          projectId: 'ads',
          businessUnit: 'media',
          ownerKind: 'app' as const,
          ownerRef: 'component:default/bot',
          modelId: 'other-model',
          occurredAt: NOW,
          costNanoUsd: 500n,
        },
      ].map(testEvent),
    );
    balances = LedgerBalances.create({ knex });
  });

  it('tells what was used from the start of each window on', async () => {
    const project = { kind: 'project', id: 'search' } as const;
    expect(
      await usedIn([
        money(project, 'day'),
        money(project, 'week'),
        money(project, 'month'),
        money(project, 'total'),
      ]),
    ).toEqual([1n, 111n, 1_111n, 11_111n]);
  });

  it.each<[LimitSubject, bigint]>([
    [{ kind: 'key', id: 'aaaaaaaaaaaa' }, 1_111n],
    [{ kind: 'key', id: 'bbbbbbbbbbbb' }, 500n],
    [{ kind: 'user', id: 'user:default/ada' }, 1_111n],
    [{ kind: 'user', id: 'component:default/bot' }, 0n],
    [{ kind: 'app', id: 'component:default/bot' }, 500n],
    [{ kind: 'subscription', id: 'search/house-model' }, 1_111n],
    [{ kind: 'subscription', id: 'search/other-model' }, 0n],
    [{ kind: 'project', id: 'ads' }, 500n],
    [{ kind: 'project', id: 'of-nobody' }, 0n],
    [{ kind: 'business-unit', id: 'retail' }, 1_111n],
    [{ kind: 'business-unit', id: 'media' }, 500n],
    [{ kind: 'organisation', id: 'default' }, 1_611n],
  ])('tells it of %j', async (subject, expected) => {
    expect(await usedIn([money(subject, 'month')])).toEqual([expected]);
  });

  it('tells requests and tokens as well, of many at once', async () => {
    const key = { kind: 'key', id: 'aaaaaaaaaaaa' } as const;
    const counters: (LimitCounter & { window: BudgetWindow })[] = [
      { subject: key, measure: 'requests', window: 'month' },
      { subject: key, measure: 'tokens', window: 'month' },
      {
        subject: { kind: 'key', id: 'bbbbbbbbbbbb' },
        measure: 'tokens',
        window: 'month',
      },
    ];
    const windowStart = windowStartOf('month', NOW);
    expect(
      await usedIn(counters.map(counter => ({ counter, windowStart }))),
    ).toEqual([4n, 60n, 15n]);
  });
});
