import { TestDatabases } from '@backstage/backend-test-utils';
import type { Knex } from 'knex';
import {
  applyMigrations,
  missingMigrations,
  revertMigrations,
} from './migrations';

jest.setTimeout(60_000);

const TABLES = [
  'api_key_digests',
  'api_keys',
  'audit_events',
  'budget_notices',
  'budgets',
  'config_revision',
  'deployment_probes',
  'deployment_states',
  'deployments',
  'gateway_key_revisions',
  'gateway_replicas',
  'limits',
  'model_aliases',
  'model_routing',
  'models',
  'policies',
  'prices',
  'projects',
  'providers',
  'request_logs',
  'request_logs_default',
  'subscriptions',
  'usage_daily',
  'usage_events',
  'usage_events_default',
  'usage_hourly',
  'usage_rollups',
];

async function tables(knex: Knex): Promise<string[]> {
  const { rows } = await knex.raw<{ rows: Array<{ tablename: string }> }>(
    `SELECT tablename FROM pg_tables WHERE schemaname = current_schema()
     AND tablename NOT LIKE 'knex_%' ORDER BY 1`,
  );
  return rows.map(row => row.tablename);
}

describe('migrations', () => {
  const databases = TestDatabases.create({ ids: ['POSTGRES_18'] });

  it('make the schema, say what is missing, and can be taken back', async () => {
    const knex = await databases.init('POSTGRES_18');
    expect((await missingMigrations(knex)).length).toBeGreaterThan(0);

    await applyMigrations(knex);
    expect(await tables(knex)).toEqual(TABLES);
    expect(await missingMigrations(knex)).toEqual([]);

    await applyMigrations(knex);
    await revertMigrations(knex);
    expect(await tables(knex)).toEqual([]);
  });

  describe('the schema', () => {
    let knex: Knex;
    beforeAll(async () => {
      knex = await databases.init('POSTGRES_18');
      await applyMigrations(knex);
      await knex('projects').insert({
        id: 'p',
        title: 'P',
        owner_ref: 'group:default/g',
        business_unit: 'b',
        type: 'internal',
        created_by: 'x',
        updated_by: 'x',
      });
    });

    const key = {
      project_id: 'p',
      owner_kind: 'project',
      label: 'l',
      last_four: 'abcd',
      created_by: 'user:default/a',
      revision: 1,
    };

    it('enters an event into no more indexes than it takes to book it once', async () => {
      const { rows } = await knex.raw(
        `SELECT tablename, indexname FROM pg_indexes WHERE schemaname = current_schema() AND tablename LIKE 'usage_events%' ORDER BY 1`,
      );
      expect(rows).toEqual([
        { tablename: 'usage_events', indexname: 'usage_events_pkey' },
        {
          tablename: 'usage_events_default',
          indexname: 'usage_events_default_pkey',
        },
      ]);
    });

    it('holds one configuration revision and no second', async () => {
      await expect(
        knex('config_revision').insert({ only_row: true, revision: 5 }),
      ).rejects.toMatchObject({ code: '23505' });
    });

    it('refuses a key of a project that does not exist', async () => {
      await expect(
        knex('api_keys').insert({
          ...key,
          id: 'aaaaaaaaaaaa',
          project_id: 'nowhere',
        }),
      ).rejects.toMatchObject({ code: '23503' });
    });

    it('refuses a scope that is empty, which could be read as no limit', async () => {
      await expect(
        knex('api_keys').insert({
          ...key,
          id: 'aaaaaaaaaaab',
          model_scope: [],
        }),
      ).rejects.toMatchObject({ code: '23514' });
    });

    it('lets one caller use an idempotency key once', async () => {
      const repeated = { ...key, idempotency_key: 'again' };
      await knex('api_keys').insert({ ...repeated, id: 'aaaaaaaaaaac' });
      await expect(
        knex('api_keys').insert({ ...repeated, id: 'aaaaaaaaaaad' }),
      ).rejects.toMatchObject({ code: '23505' });
    });

    it('lets nobody change or delete what was audited', async () => {
      await knex('audit_events').insert({
        id: '0197a000-0000-7000-8000-000000000001',
        actor_kind: 'user',
        actor_ref: 'user:default/a',
        action: 'provider.create',
        resource_kind: 'provider',
        resource_id: 'x',
      });
      const refused = { code: '23001' };
      await expect(
        knex('audit_events').update({ actor_ref: 'user:default/b' }),
      ).rejects.toMatchObject(refused);
      await expect(knex('audit_events').delete()).rejects.toMatchObject(
        refused,
      );
    });
  });
});
