/**
 * How long a usage report takes with a year of usage in the database: query, sums and rendering, without HTTP.
 *
 *     BENCH_POSTGRES_URL=postgresql://postgres@127.0.0.1:5432/postgres yarn bench:usage
 *
 * Makes a database of its own on that server and drops it afterwards. `BENCH_BUSY` is the share of its hours in which a key is used
 * (0.2: 1.75 million rows), `BENCH_RUNS` how often each report is asked for.
 */
import { applyMigrations } from '@ai-gateway/backstage-plugin-ai-gateway-node';
import {
  usageQuerySchema,
  usageReportSchema,
  type UsageQuery,
} from '@ai-gateway/backstage-plugin-ai-gateway-common';
import createKnex, { type Knex } from 'knex';
import { createStores } from '../src/database/Stores';
import type { ProjectFilter } from '../src/permissions/resources';
import type { Scope } from '../src/permissions/Scope';
import { renderUsage } from '../src/render/renderUsage';
import { UsageService } from '../src/services/UsageService';

const SERVER =
  process.env.BENCH_POSTGRES_URL ??
  'postgresql://postgres:postgres@127.0.0.1:5432/postgres';
const DATABASE = 'ai_gateway_bench_usage';
const PROJECTS = 20;
const KEYS_PER_PROJECT = 50;
const MODELS = 12;
/** Share of a key's hours in which it is used. */
const BUSY = Number(process.env.BENCH_BUSY ?? 0.2);
const RUNS = Number(process.env.BENCH_RUNS ?? 30);
const END = Date.UTC(2026, 6, 1);
const DAY = 86_400_000;

async function main(): Promise<void> {
  const server = createKnex({ client: 'pg', connection: SERVER });
  await server.raw('DROP DATABASE IF EXISTS ?? WITH (FORCE)', [DATABASE]);
  await server.raw('CREATE DATABASE ??', [DATABASE]);
  const url = new URL(SERVER);
  url.pathname = `/${DATABASE}`;
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
    await server.raw('DROP DATABASE ?? WITH (FORCE)', [DATABASE]);
    await server.destroy();
  }
}

async function fill(db: Knex): Promise<number> {
  await db.raw(
    `INSERT INTO projects (id, title, owner_ref, business_unit, type, created_by, updated_by)
     SELECT 'project-' || p, 'Project ' || p, 'group:default/team-' || p % 10, 'Unit ' || p % 4, 'internal', 'bench', 'bench'
     FROM generate_series(1, :projects) p`,
    { projects: PROJECTS },
  );
  // Keys differ in how much they are used, and each uses few models: as it is in life.
  await db.raw(
    `INSERT INTO usage_hourly
     SELECT hour, 'project-' || p, 'key' || lpad((p * 1000 + k)::text, 9, '0'), 'model-' || m,
            md5('deployment' || m)::uuid, 'Unit ' || p % 4, 'project', NULL,
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
    },
  );
  await db.raw('SELECT rebuild_usage_rollups()');
  await db.raw('VACUUM ANALYZE usage_hourly, usage_daily, usage_rollups');
  const [{ count }] = await db('usage_hourly').count({ count: '*' });
  return Number(count);
}

const EVERYTHING: Scope<ProjectFilter> = { kind: 'everything' };
const ONE_TEAM: Scope<ProjectFilter> = {
  kind: 'where',
  criteria: { ownerRefs: ['group:default/team-3'] },
};

const READERS: ReadonlyArray<readonly [string, Scope<ProjectFilter>]> = [
  ['engineer', ONE_TEAM],
  ['admin', EVERYTHING],
];

const SPANS: ReadonlyArray<
  readonly [string, number, NonNullable<UsageQuery['bucket']>]
> = [
  ['24 hours', 1, 'hour'],
  ['7 days', 7, 'hour'],
  ['30 days', 30, 'day'],
  ['90 days', 90, 'day'],
  ['a year', 365, 'day'],
];

async function measure(db: Knex): Promise<void> {
  const service = UsageService.create({
    stores: createStores(db),
    clock: () => END - 1,
  });
  print('reader    span      by       p50 ms  p95 ms');
  for (const [reader, scope] of READERS) {
    for (const [span, days, bucket] of SPANS) {
      for (const groupBy of ['model', 'key', 'project'] as const) {
        const query = usageQuerySchema.parse({
          from: new Date(END - days * DAY).toISOString(),
          to: new Date(END).toISOString(),
          timeZone: 'Europe/Berlin',
          bucket,
          groupBy,
        });
        const times: number[] = [];
        for (let i = 0; i < RUNS; i++) {
          const startedAt = performance.now();
          usageReportSchema.parse(
            renderUsage(await service.report(scope, query), query),
          );
          times.push(performance.now() - startedAt);
        }
        times.sort((a, b) => a - b);
        print(
          [
            reader.padEnd(9),
            span.padEnd(9),
            groupBy.padEnd(8),
            times[Math.floor(RUNS * 0.5)].toFixed(0).padStart(6),
            times[Math.floor(RUNS * 0.95)].toFixed(0).padStart(7),
          ].join(' '),
        );
      }
    }
  }
}

function seconds(startedAt: number): string {
  return `${((performance.now() - startedAt) / 1000).toFixed(0)} s`;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

main().catch(error => {
  process.stderr.write(`${error}\n`);
  process.exitCode = 1;
});
