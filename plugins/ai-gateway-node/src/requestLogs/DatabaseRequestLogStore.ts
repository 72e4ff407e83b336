import { InputError } from '@backstage/errors';
import type { Knex } from 'knex';
import { ensurePartitions } from '../database';
import { NewRows } from '../database/NewRows';
import { sqlState } from '../database/PreparedStatement';
import { decodeCursor } from './cursor';
import { dropRequestLogsBefore } from './database/dropRequestLogsBefore';
import {
  INSERT_IF_ANY,
  INSERT_IF_NEW,
  insertRequestLogs,
} from './database/insertRequestLogs';
import {
  BODY_COLUMNS,
  fromBodyRow,
  fromRow,
  SUMMARY_COLUMNS,
  type RequestLogBodyRow,
  type RequestLogRow,
} from './database/requestLogRow';
import { checkLimit, toPage } from './page';
import type { RequestLog } from './RequestLog';
import type {
  RequestLogPage,
  RequestLogSearch,
  RequestLogsDropped,
  RequestLogStore,
} from './RequestLogStore';
import { assertStorable } from './storable';

const TABLE = 'request_logs';
/** Classes of SQLSTATE that tell of the data and not of the server: data exception, integrity constraint violation. */
const REFUSAL = /^2[23]/;

/**
 * Request logs in PostgreSQL, in the monthly partitions of `request_logs`.
 *
 * @public
 */
export class DatabaseRequestLogStore implements RequestLogStore {
  readonly #knex: Knex;
  readonly #now: () => number;
  readonly #timeoutMs: number;
  readonly #logs: NewRows;

  /**
   * @param options - `now`: milliseconds since the epoch; `timeoutMs`: how long one statement may take, so that a server that hangs is
   *   seen to be away. Default: 10 s.
   */
  static create(options: {
    knex: Knex;
    now: () => number;
    timeoutMs?: number;
  }): DatabaseRequestLogStore {
    return new DatabaseRequestLogStore(
      options.knex,
      options.now,
      options.timeoutMs ?? 10_000,
    );
  }

  private constructor(knex: Knex, now: () => number, timeoutMs: number) {
    this.#knex = knex;
    this.#now = now;
    this.#timeoutMs = timeoutMs;
    this.#logs = NewRows.create({
      knex,
      ifNew: INSERT_IF_NEW,
      ifAny: INSERT_IF_ANY,
      timeoutMs,
    });
  }

  async append(batch: readonly RequestLog[]): Promise<void> {
    batch.forEach(assertStorable);
    if (batch.length === 0) return;
    try {
      await insertRequestLogs(this.#logs, batch);
    } catch (error) {
      const code = sqlState(error);
      // The message of PostgreSQL would quote the value that it refused.
      if (REFUSAL.test(code)) {
        throw new InputError(`PostgreSQL refused a request log (${code})`);
      }
      throw error;
    }
  }

  async search(search: RequestLogSearch): Promise<RequestLogPage> {
    const limit = checkLimit(search.limit);
    const cursor = search.cursor ? decodeCursor(search.cursor) : undefined;
    if (search.projectIds.length === 0) return { items: [], nextCursor: null };

    const query = this.#knex<RequestLogRow>(TABLE)
      .select<RequestLogRow[]>(SUMMARY_COLUMNS)
      .whereRaw('project_id = ANY(?)', [[...search.projectIds]])
      .where('occurred_at', '>=', new Date(search.from))
      .where('occurred_at', '<', new Date(search.to))
      // Byte order, as ClickHouse has it, whatever the database's collation.
      .orderByRaw('occurred_at DESC, request_id COLLATE "C" DESC')
      .limit(limit + 1)
      .timeout(this.#timeoutMs);
    if (cursor) {
      const at = new Date(cursor.occurredAt);
      // Said twice: the first condition is the one that an index and the pruning of partitions can use.
      query
        .where('occurred_at', '<=', at)
        .whereRaw('(occurred_at < ? OR request_id COLLATE "C" < ?)', [
          at,
          cursor.requestId,
        ]);
    }
    if (search.modelId !== undefined) query.where('model_id', search.modelId);
    if (search.apiKeyId !== undefined) {
      query.where('api_key_id', search.apiKeyId);
    }
    if (search.ownerRef !== undefined) {
      query.where('owner_ref', search.ownerRef);
    }
    if (search.outcome !== undefined) query.where('outcome', search.outcome);
    if (search.errorCode !== undefined) {
      query.where('error_code', search.errorCode);
    }
    if (search.statusClass !== undefined) {
      const from = Number(search.statusClass[0]) * 100;
      query.whereBetween('status', [from, from + 99]);
    }
    if (search.requestIdContains !== undefined) {
      query.whereRaw('strpos(request_id, ?) > 0', [search.requestIdContains]);
    }
    const rows = await query;
    return toPage(rows.map(fromRow), limit);
  }

  async get(
    projectIds: readonly string[],
    requestId: string,
  ): Promise<RequestLog | undefined> {
    if (projectIds.length === 0) return undefined;
    const row: (RequestLogRow & RequestLogBodyRow) | undefined =
      await this.#knex<RequestLogRow & RequestLogBodyRow>(TABLE)
        .select([...SUMMARY_COLUMNS, ...BODY_COLUMNS])
        .where('request_id', requestId)
        .whereRaw('project_id = ANY(?)', [[...projectIds]])
        .orderBy('occurred_at', 'desc')
        .timeout(this.#timeoutMs)
        .first();
    return row && { ...fromRow(row), ...fromBodyRow(row) };
  }

  async dropBefore(time: number): Promise<RequestLogsDropped> {
    return dropRequestLogsBefore(this.#knex, time);
  }

  /** The table is made by the migrations; this makes the months to come. */
  async ensureSchema(): Promise<void> {
    await ensurePartitions(this.#knex, this.#now());
  }

  /** Nothing to close: the connections are the caller's. */
  async close(): Promise<void> {}
}
