import type { Knex } from 'knex';
import type { RequestLogsDropped } from '../RequestLogStore';

const ROWS_PER_DELETE = 5_000;

/**
 * Retention: months that lie wholly before the time are dropped, which costs the same however large they are; what else is older (of the
 * month in which the time falls, and of the default partition) is deleted in small transactions.
 *
 * @param time - milliseconds since the epoch, exclusive
 */
export async function dropRequestLogsBefore(
  knex: Knex,
  time: number,
  rowsPerDelete: number = ROWS_PER_DELETE,
): Promise<RequestLogsDropped> {
  const before = new Date(time);
  const months = await monthsBefore(knex, before);
  for (const month of months) {
    await knex.transaction(async tx => {
      // Dropping a partition locks the whole table for a moment. Rather than have writers queue behind a long read, give up, and be run
      // again later.
      await tx.raw(`SET LOCAL lock_timeout = '5s'`);
      await tx.raw('DROP TABLE IF EXISTS ??.??', [month.schema, month.name]);
    });
  }
  let rows = 0;
  let deleted: number;
  do {
    deleted = await deleteSome(knex, before, rowsPerDelete);
    rows += deleted;
  } while (deleted === rowsPerDelete);
  return { months: months.length, rows };
}

async function monthsBefore(
  knex: Knex,
  before: Date,
): Promise<Array<{ schema: string; name: string }>> {
  // A partition's bounds are only to be had as text. The default partition has none, and so is never found here.
  const { rows } = await knex.raw<{
    rows: Array<{ schema: string; name: string }>;
  }>(
    `SELECT schema, name FROM (
       SELECT n.nspname AS schema, c.relname AS name,
         (regexp_match(pg_get_expr(c.relpartbound, c.oid), $$TO \\('([^']+)'\\)$$))[1]::timestamptz AS upper_bound
       FROM pg_inherits i
       JOIN pg_class c ON c.oid = i.inhrelid
       JOIN pg_namespace n ON n.oid = c.relnamespace
       WHERE i.inhparent = to_regclass('request_logs')
     ) AS partitions
     WHERE upper_bound <= :before
     ORDER BY upper_bound`,
    { before },
  );
  return rows;
}

async function deleteSome(
  knex: Knex,
  before: Date,
  limit: number,
): Promise<number> {
  const { rowCount } = await knex.raw<{ rowCount: number }>(
    `DELETE FROM request_logs WHERE (occurred_at, request_id) IN (
       SELECT occurred_at, request_id FROM request_logs
       WHERE occurred_at < :before ORDER BY occurred_at LIMIT :limit
     ) AND occurred_at < :before`,
    { before, limit },
  );
  return rowCount;
}
