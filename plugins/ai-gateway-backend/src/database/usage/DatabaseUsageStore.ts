import type { Knex } from 'knex';
import {
  OTHER_GROUP_ID,
  type UsageGroupBy,
} from '@ai-gateway/backstage-plugin-ai-gateway-common';
import { rowsOf, type Binding } from '../rowsOf';
import { sumColumns, sumsOf, type UsageSumsRow } from './usageSumsRow';
import type {
  UsageCell,
  UsageFilter,
  UsageStore,
  UsageSums,
} from './UsageStore';

const GROUP_COLUMN: Record<UsageGroupBy, string> = {
  model: 'model_id',
  key: 'api_key_id',
  project: 'project_id',
};
const LABELS: Record<UsageGroupBy, string> = {
  model: 'SELECT id, title AS label FROM models WHERE id = ANY(:ids)',
  key: 'SELECT id, label FROM api_keys WHERE id = ANY(:ids)',
  project: 'SELECT id, title AS label FROM projects WHERE id = ANY(:ids)',
};

/** Reads usage from the hourly sums in PostgreSQL. */
export class DatabaseUsageStore implements UsageStore {
  readonly #db: Knex;

  static create(db: Knex): DatabaseUsageStore {
    return new DatabaseUsageStore(db);
  }

  private constructor(db: Knex) {
    this.#db = db;
  }

  async cells(
    filter: UsageFilter,
    options: {
      starts: readonly Date[];
      until: Date;
      groupBy: UsageGroupBy;
      top: number;
    },
  ): Promise<UsageCell[]> {
    const { starts, until, groupBy, top } = options;
    const where = conditionsOf(filter);
    const group = GROUP_COLUMN[groupBy];
    const span = { from: starts[0], until, ...where.bindings };
    const matching = `FROM usage_hourly WHERE hour >= :from AND hour < :until ${where.sql}`;
    // Ranked first, by little, so that the many sums below are of few groups: keys can be thousands, and each would have every bucket.
    const ranked = await this.#summing<{ groupId: string }>(
      `SELECT ${group} AS "groupId" ${matching}
       GROUP BY 1 ORDER BY sum(cost_nano_usd) DESC, sum(requests) DESC, 1 LIMIT :top`,
      { ...span, top },
    );
    const rows = await this.#summing<
      { bucket: number; groupId: string } & UsageSumsRow
    >(
      `SELECT width_bucket(hour, CAST(:starts AS timestamptz[])) - 1 AS bucket,
              CASE WHEN ${group} = ANY(:top) THEN ${group} ELSE :other END AS "groupId",
              ${sumColumns()}
       ${matching} GROUP BY 1, 2`,
      {
        ...span,
        starts,
        top: ranked.map(({ groupId }) => groupId),
        other: OTHER_GROUP_ID,
      },
    );
    return rows.map(row => ({
      bucket: row.bucket,
      groupId: row.groupId,
      sums: sumsOf(row),
    }));
  }

  async totals(
    filter: UsageFilter,
    from: Date,
    until: Date,
  ): Promise<UsageSums> {
    const where = conditionsOf(filter);
    const [row] = await this.#summing<UsageSumsRow>(
      `SELECT ${sumColumns()} FROM usage_hourly
       WHERE hour >= :from AND hour < :until ${where.sql}`,
      { from, until, ...where.bindings },
    );
    return sumsOf(row);
  }

  async labels(
    groupBy: UsageGroupBy,
    ids: readonly string[],
  ): Promise<Map<string, string>> {
    const rows = await rowsOf<{ id: string; label: string }>(
      this.#db,
      LABELS[groupBy],
      { ids },
    );
    return new Map(rows.map(row => [row.id, row.label]));
  }

  /**
   * Runs a query that sums up many rows into few. The planner cannot know how few and would sort them all on disk, which takes twice as long
   * as hashing them in memory; compiling the query takes longer than it saves.
   */
  async #summing<TRow>(
    sql: string,
    bindings: Record<string, Binding>,
  ): Promise<TRow[]> {
    return this.#db.transaction(
      async tx => {
        await tx.raw(
          "SELECT set_config('work_mem', '64MB', true), set_config('enable_sort', 'off', true), set_config('jit', 'off', true)",
        );
        return rowsOf<TRow>(tx, sql, bindings);
      },
      { readOnly: true },
    );
  }
}

function conditionsOf(filter: UsageFilter): {
  sql: string;
  bindings: Record<string, Binding>;
} {
  const bindings: Record<string, Binding> = {};
  const conditions: string[] = [];
  if (filter.projectIds) {
    conditions.push('project_id = ANY(:projectIds)');
    bindings.projectIds = filter.projectIds;
  }
  for (const [name, column] of [
    ['projectId', 'project_id'],
    ['modelId', 'model_id'],
    ['apiKeyId', 'api_key_id'],
  ] as const) {
    const value = filter[name];
    if (value === undefined) continue;
    conditions.push(`${column} = :${name}`);
    bindings[name] = value;
  }
  return {
    sql: conditions.map(condition => `AND ${condition}`).join(' '),
    bindings,
  };
}
