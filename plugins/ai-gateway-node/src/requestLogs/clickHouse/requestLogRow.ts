import { fromRow, SUMMARY_COLUMNS } from '../database/requestLogRow';
import type {
  RequestLogBodyRow,
  RequestLogRow,
} from '../database/requestLogRow';
import type { RequestLog, RequestLogSummary } from '../RequestLog';
import { storableText } from '../storable';

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
    request_id: storableText(log.requestId),
    occurred_at: new Date(log.occurredAt)
      .toISOString()
      .replace('T', ' ')
      .replace('Z', ''),
    project_id: storableText(log.projectId),
    api_key_id: storableText(log.apiKeyId),
    owner_ref: storableText(log.ownerRef),
    model_id: storableText(log.modelId),
    deployment_id: storableText(log.deploymentId),
    endpoint: storableText(log.endpoint),
    streamed: log.streamed,
    status: log.status,
    outcome: log.outcome,
    error_code: storableText(log.errorCode),
    attempts: log.attempts,
    input_tokens: String(log.inputTokens),
    output_tokens: String(log.outputTokens),
    cost_nano_usd: String(log.costNanoUsd),
    latency_ms: log.latencyMs,
    time_to_first_token_ms: log.timeToFirstTokenMs,
    client_agent: storableText(log.clientAgent),
    request_body: storableText(log.requestBody?.text ?? null),
    request_bytes: log.requestBody && String(log.requestBody.bytes),
    request_truncated: log.requestBody?.truncated ?? false,
    response_body: storableText(log.responseBody?.text ?? null),
    response_bytes: log.responseBody && String(log.responseBody.bytes),
    response_truncated: log.responseBody?.truncated ?? false,
  };
}

export function fromClickHouseRow(row: ClickHouseRow): RequestLogSummary {
  return fromRow({ ...row, occurred_at: new Date(Number(row.occurred_at)) });
}
