import { fromRow, SUMMARY_COLUMNS, toRow } from '../database/requestLogRow';
import type {
  RequestLogBodyRow,
  RequestLogRow,
} from '../database/requestLogRow';
import type { RequestLog, RequestLogSummary } from '../RequestLog';

/** A row as it travels in JSONEachRow: that of PostgreSQL, but for the time. */
export type ClickHouseRow = Omit<RequestLogRow, 'occurred_at'> & {
  /** Written as a date in UTC, read as milliseconds since the epoch. */
  occurred_at: string;
};

/** The columns of a summary, for SELECT. */
export const SELECT_SUMMARY = SUMMARY_COLUMNS.map(column =>
  column === 'occurred_at'
    ? 'toUnixTimestamp64Milli(request_logs.occurred_at) AS occurred_at'
    : column,
).join(', ');

export function toClickHouseRow(
  log: RequestLog,
): ClickHouseRow & RequestLogBodyRow {
  return {
    ...toRow(log),
    occurred_at: new Date(log.occurredAt)
      .toISOString()
      .replace('T', ' ')
      .replace('Z', ''),
  };
}

export function fromClickHouseRow(row: ClickHouseRow): RequestLogSummary {
  return fromRow({ ...row, occurred_at: new Date(Number(row.occurred_at)) });
}
