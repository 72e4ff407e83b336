import type { Knex } from 'knex';
import {
  OTHER_GROUP_ID,
  type UsageGroupBy,
} from '@ai-gateway/backstage-plugin-ai-gateway-common';
import { rowsOf, type Binding } from '../rowsOf';
import { piecesOf, type Piece, type Span } from '../../usage/pieces';
import { NO_USAGE } from '../../usage/sums';
import { cellsOf, without, type PieceRow } from './usageCells';
import { grainOf, hasMonths, usageSource, type Grain } from './usageSource';
import { sumColumns } from './usageSumsRow';
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

const SPANS: readonly Span[] = ['month', 'day', 'hour'];

/** A statement's worth of reading: all of it sees the ledger at one moment. */
type Read = <TRow>(
  sql: string,
  bindings: Record<string, Binding>,
) => Promise<TRow[]>;

/**
 * Reads usage from the sums in PostgreSQL: by month, day and hour, whatever is the least to add up and still exact ({@link piecesOf}).
 */
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
    const { groupBy } = options;
    const starts = options.starts.map(start => start.getTime());
    const until = options.until.getTime();
    const query = { filter, groupBy, grain: grainOf(filter, groupBy) };
    const pieces = piecesOf(starts, until, { months: false });
    return this.#reading(async read => {
      // Ranked first, by little, so that the many sums below are of few groups: keys can be thousands, and each would have every bucket.
      const ranked = await rank(
        read,
        query,
        [starts[0], until],
        options.top + 1,
      );
      const top = ranked.slice(0, options.top);
      const others = ranked.length > top.length;
      if (query.grain !== 'key') {
        return cellsOf(pieces, await sum(read, query, pieces, { top, others }));
      }
      const cells = cellsOf(
        pieces,
        await sum(read, query, pieces, { top, others: false }),
      );
      if (!others) return cells;
      // What all keys come to is known without adding them up: the rest is the difference.
      const all = { filter, groupBy: null, grain: grainOf(filter, null) };
      const totals = cellsOf(
        pieces,
        await sum(read, all, pieces, { top: [], others: true }),
      );
      return [...cells, ...without(totals, cells)];
    });
  }

  async totals(
    filter: UsageFilter,
    from: Date,
    until: Date,
  ): Promise<UsageSums> {
    const query = { filter, groupBy: null, grain: grainOf(filter, null) };
    const pieces = piecesOf([from.getTime()], until.getTime(), {
      months: hasMonths(query.grain, filter, null),
    });
    const [cell] = cellsOf(
      pieces,
      await this.#reading(read =>
        sum(read, query, pieces, { top: [], others: true }),
      ),
    );
    return cell?.sums ?? NO_USAGE;
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
   * Runs queries that sum up many rows into few. The planner cannot know how few and would sort them all on disk, which takes twice as long
   * as hashing them in memory; compiling a query takes longer than it saves.
   */
  async #reading<T>(run: (read: Read) => Promise<T>): Promise<T> {
    return this.#db.transaction(
      async tx => {
        await tx.raw(
          "SELECT set_config('work_mem', '64MB', true), set_config('enable_sort', 'off', true), set_config('jit', 'off', true)",
        );
        return run((sql, bindings) => rowsOf(tx, sql, bindings));
      },
      // One moment for all: what was added to a day and not yet to its hours would be told as less than nothing.
      { readOnly: true, isolationLevel: 'repeatable read' },
    );
  }
}

interface UsageQuery {
  readonly filter: UsageFilter;
  readonly groupBy: UsageGroupBy | null;
  readonly grain: Grain;
}

/** The most expensive groups of a span, the most expensive one first. */
async function rank(
  read: Read,
  query: UsageQuery,
  [from, until]: readonly [number, number],
  limit: number,
): Promise<string[]> {
  const { filter, groupBy, grain } = query;
  const months = hasMonths(grain, filter, groupBy);
  const pieces = piecesOf([from], until, { months });
  const parts = bySpan(pieces).map(([span, own], part) => ({
    sql: `SELECT "groupId", piece.sign * cost AS cost, piece.sign * requests AS requests
          FROM ${piecesSql(part)}, LATERAL (
            SELECT ${groupColumn(groupBy)} AS "groupId", sum(cost_nano_usd) AS cost, sum(requests) AS requests
            ${matching(query, span)} GROUP BY 1
          ) AS summed`,
    bindings: piecesBindings(part, own),
  }));
  if (parts.length === 0) return [];
  const rows = await read<{ groupId: string }>(
    `SELECT "groupId" FROM (${parts.map(({ sql }) => sql).join(' UNION ALL ')}) AS part
     GROUP BY 1 HAVING sum(requests) > 0
     ORDER BY sum(cost) DESC, sum(requests) DESC, 1 LIMIT :limit`,
    Object.assign(
      { limit, ...conditionsOf(filter).bindings },
      ...parts.map(({ bindings }) => bindings),
    ),
  );
  return rows.map(row => row.groupId);
}

/**
 * The sums of each piece by group.
 *
 * @param groups - `top`: those that stand on their own; `others`: whether all others are to be summed up as one
 */
async function sum(
  read: Read,
  query: UsageQuery,
  pieces: readonly Piece[],
  groups: { readonly top: readonly string[]; readonly others: boolean },
): Promise<PieceRow[]> {
  const column = groupColumn(query.groupBy);
  const { top, others } = groups;
  const rows: PieceRow[] = [];
  if (top.length === 0 && !others) return rows;
  for (const [span, own] of bySpan(pieces)) {
    const found = await read<PieceRow>(
      `SELECT piece.id AS piece, summed.*
       FROM ${piecesSql(0)}, LATERAL (
         SELECT CASE WHEN ${column} = ANY(:top) THEN ${column} ELSE :other END AS "groupId", ${sumColumns()}
         ${matching(query, span)} ${others ? '' : `AND ${column} = ANY(:top)`} GROUP BY 1
       ) AS summed`,
      {
        ...piecesBindings(0, own),
        ...conditionsOf(query.filter).bindings,
        top,
        other: OTHER_GROUP_ID,
      },
    );
    rows.push(...found);
  }
  return rows;
}

function groupColumn(groupBy: UsageGroupBy | null): string {
  return groupBy ? GROUP_COLUMN[groupBy] : 'NULL::text';
}

/**
 * Rows of a source within a piece. They are summed up piece by piece, so that each piece is found by an index and none is a reason to read
 * the whole table.
 */
function matching({ filter, groupBy, grain }: UsageQuery, span: Span): string {
  const perProject =
    groupBy === 'project' ||
    filter.projectIds !== null ||
    filter.projectId !== undefined;
  return `FROM (${usageSource(grain, span, perProject)}) AS source
          WHERE start >= piece.from_time AND start < piece.until_time ${conditionsOf(filter).sql}`;
}

/** The numbers of pieces, with their bounds and the sign of their first bucket. */
function piecesSql(part: number): string {
  return `unnest(CAST(:ids${part} AS integer[]), CAST(:froms${part} AS timestamptz[]), CAST(:untils${part} AS timestamptz[]),
            CAST(:signs${part} AS integer[])) AS piece (id, from_time, until_time, sign)`;
}

function piecesBindings(
  part: number,
  pieces: ReadonlyArray<{ readonly id: number; readonly piece: Piece }>,
): Record<string, Binding> {
  return {
    [`ids${part}`]: pieces.map(({ id }) => String(id)),
    [`froms${part}`]: pieces.map(({ piece }) => new Date(piece.from)),
    [`untils${part}`]: pieces.map(({ piece }) => new Date(piece.until)),
    [`signs${part}`]: pieces.map(({ piece }) =>
      String(piece.counts[0]?.sign ?? 0),
    ),
  };
}

/** Pieces by what they are summed up by, with their numbers. */
function bySpan(pieces: readonly Piece[]) {
  return SPANS.map(
    span =>
      [
        span,
        pieces.flatMap((piece, id) =>
          piece.span === span ? [{ id, piece }] : [],
        ),
      ] as const,
  ).filter(([, own]) => own.length > 0);
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
