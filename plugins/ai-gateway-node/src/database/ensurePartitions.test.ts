import { TestDatabases } from '@backstage/backend-test-utils';
import type { Knex } from 'knex';
import { ensurePartitions } from './ensurePartitions';
import { applyMigrations } from './migrations';

jest.setTimeout(60_000);

const MAY = Date.UTC(2031, 4, 31, 23);

async function book(knex: Knex, id: number, occurredAt: string) {
  await knex('usage_events').insert({
    id: `0197a000-0000-7000-8000-${String(id).padStart(12, '0')}`,
    occurred_at: occurredAt,
    request_id: 'r',
    attempt: 1,
    gateway_id: '0197a000-0000-7000-8000-000000000000',
    project_id: 'p',
    business_unit: 'b',
    api_key_id: 'k',
    owner_kind: 'project',
    model_id: 'm',
    deployment_id: '0197a000-0000-7000-8000-000000000000',
    provider_id: '0197a000-0000-7000-8000-000000000000',
    upstream_model: 'u',
    endpoint: 'chat.completions',
    streamed: false,
    outcome: 'complete',
    usage_source: 'reported',
    cost_nano_usd: '1',
    latency_ms: 1,
  });
}

async function count(knex: Knex, table: string): Promise<number> {
  const rows = await knex(table).count({ n: '*' });
  return Number(rows[0].n);
}

describe('ensurePartitions', () => {
  const databases = TestDatabases.create({ ids: ['POSTGRES_18'] });
  let knex: Knex;
  beforeEach(async () => {
    knex = await databases.init('POSTGRES_18');
    await applyMigrations(knex);
  });

  it('makes the month of now and those ahead, once', async () => {
    await ensurePartitions(knex, MAY, 1);
    await ensurePartitions(knex, MAY, 1);

    await book(knex, 1, '2031-05-31T23:59:59.999Z');
    await book(knex, 2, '2031-06-01T00:00:00Z');
    expect(await count(knex, 'usage_events_2031_05')).toBe(1);
    expect(await count(knex, 'usage_events_2031_06')).toBe(1);
  });

  it('moves rows that came before their partition, and loses none', async () => {
    await book(knex, 1, '2031-05-01T00:00:00Z');
    await book(knex, 2, '2031-07-01T00:00:00Z');
    expect(await count(knex, 'usage_events_default')).toBe(2);

    await ensurePartitions(knex, MAY, 0);

    expect(await count(knex, 'usage_events_2031_05')).toBe(1);
    expect(await count(knex, 'usage_events_default')).toBe(1);
    expect(await count(knex, 'usage_events')).toBe(2);
  });

  it('keeps a booked event from being changed in any partition', async () => {
    await ensurePartitions(knex, MAY, 0);
    await book(knex, 1, '2031-05-01T00:00:00Z');
    await expect(
      knex('usage_events').update({ cost_nano_usd: '2' }),
    ).rejects.toMatchObject({ code: '23001' });
  });

  it('may be run by several processes at once', async () => {
    await Promise.all([
      ensurePartitions(knex, MAY, 2),
      ensurePartitions(knex, MAY, 2),
      ensurePartitions(knex, MAY, 2),
    ]);
    expect(await knex.schema.hasTable('usage_events_2031_07')).toBe(true);
  });
});
