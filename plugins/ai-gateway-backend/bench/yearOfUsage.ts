import { applyMigrations } from '@ai-gateway/backstage-plugin-ai-gateway-node';
import createKnex, { type Knex } from 'knex';

export const PROJECTS = 20;
export const KEYS_PER_PROJECT = 50;
export const MODELS = 12;
export const UNITS = 4;
/** When the year ends. Milliseconds since the epoch. */
export const END = Date.UTC(2026, 6, 1);
export const DAY = 86_400_000;

const SERVER =
  process.env.BENCH_POSTGRES_URL ??
  'postgresql://postgres:postgres@127.0.0.1:5432/postgres';
/** Share of a key's hours in which it is used. */
const BUSY = Number(process.env.BENCH_BUSY ?? 0.2);

/** Runs a measurement on a database of its own that holds a year of usage, and drops it afterwards. */
export async function withYearOfUsage(
  database: string,
  measure: (db: Knex) => Promise<void>,
): Promise<void> {
  const server = createKnex({ client: 'pg', connection: SERVER });
  await server.raw('DROP DATABASE IF EXISTS ?? WITH (FORCE)', [database]);
  await server.raw('CREATE DATABASE ??', [database]);
  const url = new URL(SERVER);
  url.pathname = `/${database}`;
  const db = createKnex({ client: 'pg', connection: url.href });
  try {
    await applyMigrations(db);
    const startedAt = performance.now();
    const rows = await fill(db);
    print(
      `${rows.toLocaleString('en')} hourly rows of ${PROJECTS} projects, ${PROJECTS * KEYS_PER_PROJECT} keys and ${MODELS} models, a year, filled in ${seconds(startedAt)}`,
    );
    await measure(db);
  } finally {
    await db.destroy();
    await server.raw('DROP DATABASE ?? WITH (FORCE)', [database]);
    await server.destroy();
  }
}

/** Runs something so many times. @returns the median and the 95th percentile, in milliseconds */
export async function timed(
  runs: number,
  run: () => Promise<unknown>,
): Promise<{ p50: number; p95: number }> {
  const times: number[] = [];
  for (let i = 0; i < runs; i++) {
    const startedAt = performance.now();
    await run();
    times.push(performance.now() - startedAt);
  }
  times.sort((a, b) => a - b);
  return {
    p50: times[Math.floor(runs * 0.5)],
    p95: times[Math.floor(runs * 0.95)],
  };
}

export function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

async function fill(db: Knex): Promise<number> {
  await db.raw(
    `INSERT INTO projects (id, title, owner_ref, business_unit, type, created_by, updated_by)
     SELECT 'project-' || p, 'Project ' || p, 'group:default/team-' || p % 10, 'Unit ' || p % :units, 'internal', 'bench', 'bench'
     FROM generate_series(1, :projects) p`,
    { projects: PROJECTS, units: UNITS },
  );
  // Keys differ in how much they are used, and each uses few models: as it is in life.
  await db.raw(
    `INSERT INTO usage_hourly
     SELECT hour, 'project-' || p, 'key' || lpad((p * 1000 + k)::text, 9, '0'), 'model-' || m,
            md5('deployment' || m)::uuid, 'Unit ' || p % :units, 'project', NULL,
            n, n / 50, n * 900, n * 200, 0, n * 300, n * 40, 0, 0, n * 1234567, n * 1800, n * 350, n
     FROM generate_series(:from::timestamptz, :until::timestamptz - interval '1 hour', interval '1 hour') hour,
          generate_series(1, :projects) p, generate_series(1, :keys) k,
          LATERAL (SELECT (random() * 200 + hour_offset)::bigint + 1 AS n,
                          (p * 7 + k * 3 + floor(random() * 2)::int) % :models AS m
                   FROM (SELECT extract(hour FROM hour)::int AS hour_offset) o) made
     WHERE random() < :busy
     ON CONFLICT DO NOTHING`,
    {
      from: new Date(END - 365 * DAY).toISOString(),
      until: new Date(END).toISOString(),
      projects: PROJECTS,
      keys: KEYS_PER_PROJECT,
      models: MODELS,
      busy: BUSY,
      units: UNITS,
    },
  );
  await db.raw('SELECT rebuild_usage_rollups()');
  await db.raw('VACUUM ANALYZE usage_hourly, usage_daily, usage_rollups');
  const [{ count }] = await db('usage_hourly').count({ count: '*' });
  return Number(count);
}

function seconds(startedAt: number): string {
  return `${((performance.now() - startedAt) / 1000).toFixed(0)} s`;
}
