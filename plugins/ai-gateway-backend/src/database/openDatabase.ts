import type { DatabaseService } from '@backstage/backend-plugin-api';
import { InputError } from '@backstage/errors';
import { applyMigrations } from '@ai-gateway/backstage-plugin-ai-gateway-node';
import type { Knex } from 'knex';

/**
 * Opens the plugin's database and brings its schema up to date.
 *
 * @throws InputError when it is not PostgreSQL: exact money, ledger partitions and NOTIFY depend on it
 */
export async function openDatabase(database: DatabaseService): Promise<Knex> {
  const db = await database.getClient();
  const client: unknown = db.client.config.client;
  if (client !== 'pg') {
    throw new InputError(
      `The ai-gateway plugin needs PostgreSQL, and the backend's database client is '${client}'. Set backend.database.client to pg, or for this plugin alone backend.database.plugin.ai-gateway.client.`,
    );
  }
  if (!database.migrations?.skip) await applyMigrations(db);
  return db;
}
