import { OTHER_GROUP_ID } from '@ai-gateway/backstage-plugin-ai-gateway-common';
import { applyMigrations } from '@ai-gateway/backstage-plugin-ai-gateway-node';
import { TestDatabases } from '@backstage/backend-test-utils';
import fc from 'fast-check';
import type { Knex } from 'knex';
import { bucketsOf, hourOf } from '../../usage/buckets';
import { DatabaseUsageStore } from './DatabaseUsageStore';

jest.setTimeout(120_000);

const HOUR = 3_600_000;
const START = Date.parse('2026-01-20T00:00:00Z');
const DAYS = 75;
const DEPLOYMENT = '0197a000-0000-7000-8000-000000000001';

interface Row {
  readonly hour: number;
  readonly project: string;
  readonly key: string;
  readonly model: string;
  readonly cost: bigint;
}

const anyRow: fc.Arbitrary<Row> = fc.record({
  hour: fc.nat(DAYS * 24 - 1).map(n => START + n * HOUR),
  project: fc.constantFrom('a', 'b', 'c'),
  key: fc.constantFrom('k1', 'k2', 'k3', 'k4'),
  model: fc.constantFrom('m1', 'm2', 'm3'),
  cost: fc.bigInt({ min: 0n, max: 10n ** 18n }),
});

const anyQuery = fc.record({
  from: fc.nat((DAYS - 2) * 24),
  hours: fc.integer({ min: 1, max: DAYS * 24 }),
  timeZone: fc.constantFrom(
    'UTC',
    'Europe/Berlin',
    'Europe/London',
    'America/Los_Angeles',
    'Asia/Kolkata',
    'Pacific/Kiritimati',
  ),
  unit: fc.constantFrom('hour' as const, 'day' as const),
  groupBy: fc.constantFrom(
    'model' as const,
    'key' as const,
    'project' as const,
  ),
  top: fc.integer({ min: 1, max: 4 }),
  filter: fc.record(
    {
      projectId: fc.constantFrom('a', 'b'),
      modelId: fc.constantFrom('m1', 'm2'),
      apiKeyId: fc.constantFrom('k1', 'k2'),
    },
    { requiredKeys: [] },
  ),
  projectIds: fc.option(fc.subarray(['a', 'b', 'c'], { minLength: 1 })),
});

describe('DatabaseUsageStore', () => {
  const databases = TestDatabases.create({ ids: ['POSTGRES_18'] });
  let knex: Knex;
  let store: DatabaseUsageStore;

  beforeAll(async () => {
    knex = await databases.init('POSTGRES_18');
    await applyMigrations(knex);
    store = DatabaseUsageStore.create(knex);
  });

  async function keep(rows: readonly Row[]): Promise<void> {
    await knex('usage_hourly').delete();
    const zeros = Object.fromEntries(
      [
        'errors',
        'input_tokens',
        'cached_input_tokens',
        'cache_write_tokens',
        'output_tokens',
        'reasoning_tokens',
        'audio_tokens',
        'image_tokens',
        'latency_ms_sum',
        'time_to_first_token_ms_sum',
        'time_to_first_token_count',
      ].map(name => [name, 0]),
    );
    await knex('usage_hourly').insert(
      rows.map(row => ({
        ...zeros,
        hour: new Date(row.hour),
        project_id: row.project,
        api_key_id: row.key,
        model_id: row.model,
        deployment_id: DEPLOYMENT,
        business_unit: 'unit',
        owner_kind: 'project',
        requests: 1,
        cost_nano_usd: row.cost.toString(),
      })),
    );
    await knex.raw('SELECT rebuild_usage_rollups()');
  }

  it('tells by days, months and differences what adding up every hour tells, for any span, zone, group and filter', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(anyRow, {
          minLength: 1,
          maxLength: 120,
          selector: ({ hour, project, key, model }) =>
            `${hour} ${project} ${key} ${model}`,
        }),
        fc.array(anyQuery, { minLength: 5, maxLength: 5 }),
        async (rows, queries) => {
          await keep(rows);
          for (const query of queries) {
            const from = START + query.from * HOUR;
            const until = from + query.hours * HOUR;
            const { unit, timeZone, groupBy, top } = query;
            const starts = bucketsOf(from, until, unit, timeZone, 800).map(
              bucket => hourOf(bucket.start),
            );
            const filter = { ...query.filter, projectIds: query.projectIds };
            const cells = await store.cells(filter, {
              starts: starts.map(start => new Date(start)),
              until: new Date(until),
              groupBy,
              top,
            });

            const matching = rows.filter(
              row =>
                row.hour >= from &&
                row.hour < until &&
                (!filter.projectIds ||
                  filter.projectIds.includes(row.project)) &&
                row.project === (filter.projectId ?? row.project) &&
                row.model === (filter.modelId ?? row.model) &&
                row.key === (filter.apiKeyId ?? row.key),
            );
            const spent = new Map<string, { cost: bigint; n: number }>();
            for (const row of matching) {
              const { cost, n } = spent.get(row[groupBy]) ?? { cost: 0n, n: 0 };
              spent.set(row[groupBy], { cost: cost + row.cost, n: n + 1 });
            }
            const ranked = [...spent].sort(
              ([x, a], [y, b]) =>
                Number(b.cost - a.cost > 0n) - Number(a.cost - b.cost > 0n) ||
                b.n - a.n ||
                (x < y ? -1 : 1),
            );
            const own = new Set(ranked.slice(0, top).map(([id]) => id));
            const expected = new Map<string, { cost: bigint; n: number }>();
            for (const row of matching) {
              const bucket = starts.findLastIndex(start => start <= row.hour);
              const group = own.has(row[groupBy])
                ? row[groupBy]
                : OTHER_GROUP_ID;
              const id = `${bucket} ${group}`;
              const { cost, n } = expected.get(id) ?? { cost: 0n, n: 0 };
              expected.set(id, { cost: cost + row.cost, n: n + 1 });
            }
            expect(
              new Map(
                cells.map(({ bucket, groupId, sums }) => [
                  `${bucket} ${groupId}`,
                  { cost: sums.costNanoUsd, n: sums.requests },
                ]),
              ),
            ).toEqual(expected);

            const totals = await store.totals(
              filter,
              new Date(from),
              new Date(until),
            );
            expect([totals.requests, totals.costNanoUsd]).toEqual([
              matching.length,
              matching.reduce((sum, { cost }) => sum + cost, 0n),
            ]);
          }
        },
      ),
      { numRuns: 40 },
    );
  });
});
