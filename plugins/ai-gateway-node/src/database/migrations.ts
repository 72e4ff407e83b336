import { resolvePackagePath } from '@backstage/backend-plugin-api';
import { readdir } from 'node:fs/promises';
import type { Knex } from 'knex';

function migrationsDirectory(): string {
  return resolvePackagePath(
    '@ai-gateway/backstage-plugin-ai-gateway-node',
    'migrations',
  );
}

/** Brings the schema to the newest version. Only the control plane does this. @public */
export async function applyMigrations(knex: Knex): Promise<void> {
  await knex.migrate.latest({ directory: migrationsDirectory() });
}

/** Takes the last migrations back; for tests. @public */
export async function revertMigrations(knex: Knex): Promise<void> {
  await knex.migrate.rollback({ directory: migrationsDirectory() }, true);
}

/**
 * Which migrations this build needs and the database does not have.
 *
 * A database that is newer than this build is fine: migrations only go forward and keep what older gateways read.
 *
 * @public
 */
export async function missingMigrations(knex: Knex): Promise<string[]> {
  const needed = (await readdir(migrationsDirectory()))
    .filter(name => name.endsWith('.js'))
    .sort();
  if (!(await knex.schema.hasTable('knex_migrations'))) return needed;
  const rows: Array<{ name: string }> =
    await knex('knex_migrations').select('name');
  const applied = new Set(rows.map(row => row.name));
  return needed.filter(name => !applied.has(name));
}
