import type { Knex } from 'knex';
import {
  ORGANISATION_ID,
  type NanoUsd,
  type Subject,
  type SubjectKind,
} from '@ai-gateway/backstage-plugin-ai-gateway-common';
import { rowsOf } from '../rowsOf';
import { subjectName } from '../subjects/SubjectStore';
import type { SpendingStore } from './SpendingStore';

/** Where the spending of a kind of subject is found: in the coarsest sums that know such subjects. */
interface Source {
  readonly table: 'usage_daily' | 'usage_rollups';
  /** The column of the day or month. */
  readonly start: 'day' | 'start';
  readonly id: string;
  readonly where: string;
}

const daily = (id: string, where: string): Source => ({
  table: 'usage_daily',
  start: 'day',
  id,
  where,
});
const rollup = (grain: string, id: string, where: string): Source => ({
  table: 'usage_rollups',
  start: 'start',
  id,
  where: `grain = '${grain}' AND span = '${grain === 'key' ? 'month' : 'day'}' AND ${where}`,
});

const KEY_BY_MONTH = rollup('key', 'group_id', 'group_id = ANY(:ids)');

const OF_KIND: Record<SubjectKind, Source> = {
  key: daily('api_key_id', 'api_key_id = ANY(:ids)'),
  user: daily('owner_ref', "owner_kind = 'user' AND owner_ref = ANY(:ids)"),
  app: daily('owner_ref', "owner_kind = 'app' AND owner_ref = ANY(:ids)"),
  subscription: rollup(
    'project-model',
    "project_id || '/' || group_id",
    `project_id IN (SELECT split_part(id, '/', 1) FROM unnest(CAST(:ids AS text[])) id)
     AND project_id || '/' || group_id = ANY(:ids)`,
  ),
  project: rollup('project', 'project_id', 'project_id = ANY(:ids)'),
  'business-unit': daily('business_unit', 'business_unit = ANY(:ids)'),
  organisation: rollup(
    'project',
    `CAST('${ORGANISATION_ID}' AS text)`,
    `'${ORGANISATION_ID}' = ANY(:ids)`,
  ),
};

/** Sums spending from the sums of days and months in PostgreSQL, which agree with the ledger at every moment. */
export class DatabaseSpendingStore implements SpendingStore {
  readonly #db: Knex;

  static create(db: Knex): DatabaseSpendingStore {
    return new DatabaseSpendingStore(db);
  }

  private constructor(db: Knex) {
    this.#db = db;
  }

  async within(
    { from, until }: { from: Date; until: Date | null },
    subjects: readonly Subject[],
  ): Promise<Map<string, NanoUsd>> {
    const spent = new Map<string, NanoUsd>();
    const kinds = [...new Set(subjects.map(({ kind }) => kind))];
    for (const kind of kinds) {
      const { table, start, id, where } =
        kind === 'key' && isMonth(from) && (!until || isMonth(until))
          ? KEY_BY_MONTH
          : OF_KIND[kind];
      const rows = await rowsOf<{ id: string; spent: string }>(
        this.#db,
        `SELECT ${id} AS id, sum(cost_nano_usd) AS spent FROM ${table}
         WHERE ${start} >= :from AND ${start} < coalesce(CAST(:until AS timestamptz), 'infinity') AND ${where}
         GROUP BY 1`,
        {
          from,
          until,
          ids: subjects.filter(s => s.kind === kind).map(s => s.id),
        },
      );
      for (const row of rows) {
        spent.set(subjectName({ kind, id: row.id }), BigInt(row.spent));
      }
    }
    return spent;
  }
}

/** Whether a month of UTC begins. */
function isMonth(at: Date): boolean {
  return at.getUTCDate() === 1 && at.getTime() % 86_400_000 === 0;
}
