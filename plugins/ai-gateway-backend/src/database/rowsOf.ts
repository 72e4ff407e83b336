import type { Knex } from 'knex';

/** A value that PostgreSQL's driver takes. */
export type Binding =
  | string
  | number
  | boolean
  | null
  | Date
  | Buffer
  | ReadonlyArray<string | Date>;

/**
 * Runs one statement and gives its rows.
 *
 * @param sql - with `:name` for each binding
 */
export async function rowsOf<TRow>(
  db: Knex,
  sql: string,
  bindings: Readonly<Record<string, Binding>> = {},
): Promise<TRow[]> {
  const result = await db.raw<{ rows: TRow[] }>(sql, bindings);
  return result.rows;
}
