import { mockServices, TestDatabases } from '@backstage/backend-test-utils';
import { missingMigrations } from '@ai-gateway/backstage-plugin-ai-gateway-node';
import createKnex from 'knex';
import { openDatabase } from './openDatabase';

const databases = TestDatabases.create({ ids: ['POSTGRES_18'] });

describe('openDatabase', () => {
  it('brings the schema up to date, and may do so again', async () => {
    const knex = await databases.init('POSTGRES_18');
    await openDatabase(mockServices.database({ knex }));
    await openDatabase(mockServices.database({ knex }));
    expect(await missingMigrations(knex)).toEqual([]);
  });

  it('leaves the schema alone where migrations are skipped', async () => {
    const knex = await databases.init('POSTGRES_18');
    await openDatabase(
      mockServices.database({ knex, migrations: { skip: true } }),
    );
    expect(await missingMigrations(knex)).not.toEqual([]);
  });

  it('says what to do when the database is not PostgreSQL', async () => {
    const knex = createKnex({
      client: 'better-sqlite3',
      useNullAsDefault: true,
      connection: ':memory:',
    });
    await expect(openDatabase(mockServices.database({ knex }))).rejects.toThrow(
      "needs PostgreSQL, and the backend's database client is 'better-sqlite3'. Set backend.database.client to pg",
    );
    await knex.destroy();
  });
});
