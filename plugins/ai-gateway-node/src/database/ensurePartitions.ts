import type { Knex } from 'knex';

const PARTITIONED = ['usage_events', 'request_logs'] as const;

/**
 * Makes the monthly partitions from the month of `now` on.
 *
 * Run at start and daily. Should a month begin without its partition, rows go to the default one, and are moved here: nothing is lost and
 * nothing stops.
 *
 * @param now - milliseconds since the epoch
 * @param monthsAhead - how many months after the current one
 * @public
 */
export async function ensurePartitions(
  knex: Knex,
  now: number,
  monthsAhead: number = 3,
): Promise<void> {
  const date = new Date(now);
  for (const table of PARTITIONED) {
    for (let i = 0; i <= monthsAhead; i++) {
      const from = Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + i);
      const to = Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + i + 1);
      await ensureMonth(knex, table, new Date(from), new Date(to));
    }
  }
}

async function ensureMonth(
  knex: Knex,
  table: (typeof PARTITIONED)[number],
  from: Date,
  to: Date,
): Promise<void> {
  const name = `${table}_${from.toISOString().slice(0, 7).replace('-', '_')}`;
  if (await knex.schema.hasTable(name)) return;
  await knex.transaction(async tx => {
    // Two control planes may start at once; the second waits here and then finds the partition made.
    await tx.raw('SELECT pg_advisory_xact_lock(hashtext(?))', [name]);
    if (await tx.schema.hasTable(name)) return;
    const range = { from: from.toISOString(), to: to.toISOString() };
    await tx.raw(
      `CREATE TABLE ?? (LIKE ?? INCLUDING DEFAULTS INCLUDING CONSTRAINTS)`,
      [name, table],
    );
    // Rows that came before their partition leave the default one, which would otherwise refuse the new bounds. They are removed by
    // a query on the default partition alone, since the ledger itself lets nobody change a row.
    await tx.raw(`LOCK TABLE ?? IN ACCESS EXCLUSIVE MODE`, [
      `${table}_default`,
    ]);
    await tx.raw(
      `WITH moved AS (
         DELETE FROM ?? WHERE occurred_at >= ? AND occurred_at < ? RETURNING *
       ) INSERT INTO ?? SELECT * FROM moved`,
      [`${table}_default`, range.from, range.to, name],
    );
    // Bounds of a partition cannot be bound parameters; both are dates made above.
    await tx.raw(
      `ALTER TABLE ?? ATTACH PARTITION ?? FOR VALUES FROM ('${range.from}') TO ('${range.to}')`,
      [table, name],
    );
  });
}
