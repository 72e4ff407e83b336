/**
 * What looking after budgets takes with a year of usage in the database: the task that tells of thresholds, a page of budgets, and all
 * that holds for a key; queries and sums, without HTTP.
 *
 *     BENCH_POSTGRES_URL=postgresql://postgres@127.0.0.1:5432/postgres yarn bench:budgets
 *
 * Budgets are one a month of each key, project, subscription and business unit, and one of every window of the organisation and the
 * units; none of their thresholds is reached, so that all of them are summed up each time.
 */
import type { Knex } from 'knex';
import { createStores } from '../src/database/Stores';
import type { SubjectFilter } from '../src/permissions/resources';
import type { Scope } from '../src/permissions/Scope';
import { BudgetNotifier } from '../src/services/BudgetNotifier';
import { standingsOf } from '../src/services/BudgetStandings';
import {
  END,
  KEYS_PER_PROJECT,
  MODELS,
  print,
  PROJECTS,
  timed,
  UNITS,
  withYearOfUsage,
} from './yearOfUsage';

const RUNS = Number(process.env.BENCH_RUNS ?? 30);
const EVERYTHING: Scope<SubjectFilter> = { kind: 'everything' };

async function setBudgets(db: Knex): Promise<number> {
  const { rows } = await db.raw(
    `WITH subjects (kind, id, windows) AS (
       SELECT 'key', 'key' || lpad((p * 1000 + k)::text, 9, '0'), ARRAY['month']
       FROM generate_series(1, :projects) p, generate_series(1, :keys) k
       UNION ALL SELECT 'project', 'project-' || p, ARRAY['month'] FROM generate_series(1, :projects) p
       UNION ALL SELECT 'subscription', 'project-' || p || '/model-' || m, ARRAY['month']
       FROM generate_series(1, :projects) p, generate_series(0, :models - 1) m
       UNION ALL SELECT 'business-unit', 'Unit ' || u, ARRAY['day', 'week', 'month', 'total']
       FROM generate_series(0, :units - 1) u
       UNION ALL SELECT 'organisation', 'default', ARRAY['day', 'week', 'month', 'total']
     )
     INSERT INTO budgets (id, subject_kind, subject_id, time_window, amount_nano_usd, thresholds, revision, created_by, updated_by)
     SELECT gen_random_uuid(), kind, id, w, 9007199254740991, '[{"percent":80,"action":"notify"},{"percent":100,"action":"block"}]',
            1, 'bench', 'bench'
     FROM subjects, unnest(windows) w RETURNING id`,
    {
      projects: PROJECTS,
      keys: KEYS_PER_PROJECT,
      models: MODELS,
      units: UNITS,
    },
  );
  await db.raw('VACUUM ANALYZE budgets');
  return rows.length;
}

async function measure(db: Knex): Promise<void> {
  const stores = createStores(db);
  print(`${await setBudgets(db)} budgets`);
  const silent = {
    error: () => {},
    warn: () => {},
    info: () => {},
    debug: () => {},
    child: () => silent,
  };
  const notifier = BudgetNotifier.create({
    stores,
    events: { publish: async () => {} },
    logger: silent,
    clock: () => END - 1,
  });
  const list = async (limit: number, subjectKind?: 'organisation') => {
    const { items } = await stores.budgets.list(EVERYTHING, {
      subjectKind,
      limit,
      offset: 0,
    });
    return standingsOf(stores, items, END - 1);
  };
  const figures: Array<[string, () => Promise<unknown>]> = [
    ['the task, all budgets', () => notifier.run()],
    ['a page of 100, the widest', () => list(100)],
    ['a page of 500', () => list(500)],
    ['the organisation', () => list(10, 'organisation')],
  ];
  print('what                       p50 ms  p95 ms');
  for (const [what, run] of figures) {
    const { p50, p95 } = await timed(RUNS, run);
    print(
      `${what.padEnd(26)} ${p50.toFixed(0).padStart(6)} ${p95.toFixed(0).padStart(7)}`,
    );
  }
}

withYearOfUsage('ai_gateway_bench_budgets', measure).catch(error => {
  process.stderr.write(`${error}\n`);
  process.exitCode = 1;
});
