import type { NewRows } from '../../database/NewRows';
import { optionalRowText, rowText } from '../../database/rowLiteral';
import { textArray } from '../../database/textArray';
import type { RequestLog } from '../RequestLog';
import { storableText } from '../storable';

/** A batch: rows of the type `request_log_row`, and the texts of the bodies, which lie beside them and in the same order. */
export const INSERT_IF_NEW = `
  INSERT INTO request_logs (
    request_id, occurred_at, project_id, api_key_id, owner_ref, model_id, deployment_id, endpoint,
    streamed, status, outcome, error_code, attempts, input_tokens, output_tokens, cost_nano_usd,
    latency_ms, time_to_first_token_ms, client_agent,
    request_bytes, request_truncated, response_bytes, response_truncated, request_body, response_body
  )
  SELECT
    request_id, timestamptz 'epoch' + occurred_at_ms * interval '1 millisecond', project_id, api_key_id, owner_ref, model_id,
    deployment_id, endpoint,
    streamed, status, outcome, error_code, attempts, input_tokens, output_tokens, cost_nano_usd,
    latency_ms, time_to_first_token_ms, client_agent,
    request_bytes, request_truncated, response_bytes, response_truncated, request_body, response_body
  FROM ROWS FROM (unnest((SELECT ?::text::request_log_row[])), unnest((SELECT ?::text[])), unnest((SELECT ?::text[]))) AS incoming (
    request_id, occurred_at_ms, project_id, api_key_id, owner_ref, model_id, deployment_id, endpoint,
    streamed, status, outcome, error_code, attempts, input_tokens, output_tokens, cost_nano_usd,
    latency_ms, time_to_first_token_ms, client_agent,
    request_bytes, request_truncated, response_bytes, response_truncated, request_body, response_body
  )`;

export const INSERT_IF_ANY = `${INSERT_IF_NEW}
  ON CONFLICT (occurred_at, request_id) DO NOTHING`;

/** Inserts request logs by one statement; one that is there already is left as it is. */
export async function insertRequestLogs(
  table: NewRows,
  logs: readonly RequestLog[],
): Promise<void> {
  const rows = logs.map(encodeRow).join();
  await table.insert([
    Buffer.from(storableText(`{${rows}}`)),
    bodiesOf(logs.map(log => log.requestBody?.text ?? null)),
    bodiesOf(logs.map(log => log.responseBody?.text ?? null)),
  ]);
}

/** Nothing where there is none in the whole batch. */
function bodiesOf(texts: ReadonlyArray<string | null>): Buffer | null {
  return texts.some(text => text !== null)
    ? textArray(texts.map(text => storableText(text)))
    : null;
}

function encodeRow(log: RequestLog): string {
  const { requestBody, responseBody } = log;
  return `"(${rowText(log.requestId)},${log.occurredAt},${rowText(
    log.projectId,
  )},${rowText(log.apiKeyId)},${optionalRowText(log.ownerRef)},${rowText(
    log.modelId,
  )},${optionalRowText(log.deploymentId)},${rowText(log.endpoint)},${
    log.streamed ? 't' : 'f'
  },${log.status},${log.outcome},${optionalRowText(log.errorCode)},${
    log.attempts
  },${log.inputTokens},${log.outputTokens},${log.costNanoUsd},${
    log.latencyMs
  },${log.timeToFirstTokenMs ?? ''},${optionalRowText(log.clientAgent)},${
    requestBody?.bytes ?? ''
  },${requestBody?.truncated ? 't' : 'f'},${responseBody?.bytes ?? ''},${
    responseBody?.truncated ? 't' : 'f'
  })"`;
}
