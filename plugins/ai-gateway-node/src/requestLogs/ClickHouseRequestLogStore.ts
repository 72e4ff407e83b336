import {
  ClickHouseError,
  ClickHouseLogLevel,
  createClient,
  type ClickHouseClient,
  type ClickHouseSettings,
} from '@clickhouse/client';
import { InputError } from '@backstage/errors';
import {
  fromClickHouseRow,
  SELECT_SUMMARY,
  toClickHouseRow,
  type ClickHouseRow,
} from './clickHouse/requestLogRow';
import { CREATE_REQUEST_LOGS } from './clickHouse/schema';
import { searchSql, type BoundQuery } from './clickHouse/searchSql';
import {
  BODY_COLUMNS,
  fromBodyRow,
  type RequestLogBodyRow,
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

/** Errors of ClickHouse that tell of the data and not of the server: it could not be parsed, converted or held. */
const REFUSALS = new Set([
  '6', // CANNOT_PARSE_TEXT
  '25', // CANNOT_PARSE_ESCAPE_SEQUENCE
  '26', // CANNOT_PARSE_QUOTED_STRING
  '27', // CANNOT_PARSE_INPUT_ASSERTION_FAILED
  '38', // CANNOT_PARSE_DATE
  '41', // CANNOT_PARSE_DATETIME
  '53', // TYPE_MISMATCH
  '69', // ARGUMENT_OUT_OF_BOUND
  '70', // CANNOT_CONVERT_TYPE
  '72', // CANNOT_PARSE_NUMBER
  '117', // INCORRECT_DATA
  '321', // VALUE_IS_OUT_OF_RANGE_OF_DATA_TYPE
  '349', // CANNOT_INSERT_NULL_IN_ORDINARY_COLUMN
  '376', // CANNOT_PARSE_UUID
  '469', // VIOLATED_CONSTRAINT
]);

const READ: ClickHouseSettings = {
  // Otherwise a 64-bit integer would come as a JSON number, and lose digits.
  output_format_json_quote_64bit_integers: 1,
  // Records that are the same are in the same partition, since its month is of their sorting key.
  do_not_merge_across_partitions_select_final: 1,
};

const WRITE: ClickHouseSettings = {
  // What is acknowledged is stored. The batches are made by the gateway already.
  async_insert: 0,
};

const DELETE: ClickHouseSettings = {
  // Return when the rows are gone, on every replica.
  lightweight_deletes_sync: '2',
};

/** How to reach a ClickHouse. @public */
export interface ClickHouseConnection {
  /** `http://` or `https://`, without a user or a password in it. */
  readonly url: string;
  readonly database: string;
  /** Default: `default`. */
  readonly username?: string;
  readonly password?: string;
  /** How long one request may take, so that a server that hangs is seen to be away. Default: 10 s. */
  readonly timeoutMs?: number;
}

/**
 * Request logs in ClickHouse, for more of them than PostgreSQL should hold. Schema and deduplication: `clickHouse/schema.ts`.
 *
 * @public
 */
export class ClickHouseRequestLogStore implements RequestLogStore {
  readonly #connection: ClickHouseConnection;
  readonly #client: ClickHouseClient;

  static create(connection: ClickHouseConnection): ClickHouseRequestLogStore {
    return new ClickHouseRequestLogStore(connection);
  }

  private constructor(connection: ClickHouseConnection) {
    this.#connection = connection;
    this.#client = connect(connection, connection.database);
  }

  async append(batch: readonly RequestLog[]): Promise<void> {
    batch.forEach(assertStorable);
    if (batch.length === 0) return;
    try {
      await this.#client.insert({
        table: 'request_logs',
        values: batch.map(toClickHouseRow),
        format: 'JSONEachRow',
        clickhouse_settings: WRITE,
      });
    } catch (error) {
      // The message of ClickHouse would quote the value that it refused.
      if (error instanceof ClickHouseError && REFUSALS.has(error.code)) {
        throw new InputError(
          `ClickHouse refused a request log (${error.code} ${error.type})`,
        );
      }
      throw error;
    }
  }

  async search(search: RequestLogSearch): Promise<RequestLogPage> {
    const limit = checkLimit(search.limit);
    const query = searchSql(search);
    if (search.projectIds.length === 0) return { items: [], nextCursor: null };
    const rows = await this.#select<ClickHouseRow>(query);
    return toPage(rows.map(fromClickHouseRow), limit);
  }

  async get(
    projectIds: readonly string[],
    requestId: string,
  ): Promise<RequestLog | undefined> {
    if (projectIds.length === 0) return undefined;
    const [row] = await this.#select<ClickHouseRow & RequestLogBodyRow>({
      sql: `SELECT ${SELECT_SUMMARY}, ${BODY_COLUMNS.join(', ')} FROM request_logs FINAL
        WHERE project_id IN {projectIds:Array(String)} AND request_id = {requestId:String}
        ORDER BY request_logs.occurred_at DESC LIMIT 1`,
      parameters: { projectIds, requestId },
    });
    return row && { ...fromClickHouseRow(row), ...fromBodyRow(row) };
  }

  async dropBefore(time: number): Promise<RequestLogsDropped> {
    const month = new Date(time).toISOString().slice(0, 7).replace('-', '');
    const months = await this.#select<{ id: string }>({
      sql: `SELECT DISTINCT partition_id AS id FROM system.parts
        WHERE database = {database:String} AND table = 'request_logs' AND active AND partition_id < {month:String}
        ORDER BY id`,
      parameters: { database: this.#connection.database, month },
    });
    for (const { id } of months) {
      await this.#client.command({
        query: 'ALTER TABLE request_logs DROP PARTITION ID {id:String}',
        query_params: { id },
      });
    }
    const older = `occurred_at < fromUnixTimestamp64Milli({time:Int64}, 'UTC')`;
    const [{ rows }] = await this.#select<{ rows: string }>({
      sql: `SELECT count() AS rows FROM request_logs FINAL WHERE ${older}`,
      parameters: { time },
    });
    if (rows !== '0') {
      await this.#client.command({
        query: `DELETE FROM request_logs WHERE ${older}`,
        query_params: { time },
        clickhouse_settings: DELETE,
      });
    }
    return { months: months.length, rows: Number(rows) };
  }

  async ensureSchema(): Promise<void> {
    // The client that this store uses names the database in every request, and so cannot make it.
    const client = connect(this.#connection, undefined);
    try {
      await client.command({
        query: 'CREATE DATABASE IF NOT EXISTS {database:Identifier}',
        query_params: { database: this.#connection.database },
      });
    } finally {
      await client.close();
    }
    await this.#client.command({ query: CREATE_REQUEST_LOGS });
  }

  async close(): Promise<void> {
    await this.#client.close();
  }

  async #select<Row>(query: BoundQuery): Promise<Row[]> {
    const result = await this.#client.query({
      query: query.sql,
      query_params: query.parameters,
      format: 'JSONEachRow',
      clickhouse_settings: READ,
    });
    return result.json<Row>();
  }
}

function connect(
  connection: ClickHouseConnection,
  database: string | undefined,
): ClickHouseClient {
  return createClient({
    url: connection.url,
    database,
    username: connection.username,
    password: connection.password,
    request_timeout: connection.timeoutMs ?? 10_000,
    application: 'ai-gateway',
    // Errors are thrown; the client's own log goes to the console.
    log: { level: ClickHouseLogLevel.OFF },
  });
}
