import type { UsageOutcome } from '../../ledger';
import type { RequestLog, RequestLogSummary } from '../RequestLog';

export const SUMMARY_COLUMNS = [
  'request_id',
  'occurred_at',
  'project_id',
  'api_key_id',
  'owner_ref',
  'model_id',
  'deployment_id',
  'endpoint',
  'streamed',
  'status',
  'outcome',
  'error_code',
  'attempts',
  'input_tokens',
  'output_tokens',
  'cost_nano_usd',
  'latency_ms',
  'time_to_first_token_ms',
  'client_agent',
] as const;

export const BODY_COLUMNS = [
  'request_body',
  'request_bytes',
  'request_truncated',
  'response_body',
  'response_bytes',
  'response_truncated',
] as const;

/** A row as the driver reads it: 64-bit integers are text, so that no digit is lost. */
export interface RequestLogRow {
  request_id: string;
  occurred_at: Date;
  project_id: string;
  api_key_id: string;
  owner_ref: string | null;
  model_id: string;
  deployment_id: string | null;
  endpoint: string;
  streamed: boolean;
  status: number;
  outcome: UsageOutcome;
  error_code: string | null;
  attempts: number;
  input_tokens: string;
  output_tokens: string;
  cost_nano_usd: string;
  latency_ms: number;
  time_to_first_token_ms: number | null;
  client_agent: string | null;
}

export interface RequestLogBodyRow {
  request_body: string | null;
  request_bytes: string | null;
  request_truncated: boolean;
  response_body: string | null;
  response_bytes: string | null;
  response_truncated: boolean;
}

export function fromRow(row: RequestLogRow): RequestLogSummary {
  return {
    requestId: row.request_id,
    occurredAt: row.occurred_at.getTime(),
    projectId: row.project_id,
    apiKeyId: row.api_key_id,
    ownerRef: row.owner_ref,
    modelId: row.model_id,
    deploymentId: row.deployment_id,
    endpoint: row.endpoint,
    streamed: row.streamed,
    status: row.status,
    outcome: row.outcome,
    errorCode: row.error_code,
    attempts: row.attempts,
    inputTokens: Number(row.input_tokens),
    outputTokens: Number(row.output_tokens),
    costNanoUsd: BigInt(row.cost_nano_usd),
    latencyMs: row.latency_ms,
    timeToFirstTokenMs: row.time_to_first_token_ms,
    clientAgent: row.client_agent,
  };
}

export function fromBodyRow(
  row: RequestLogBodyRow,
): Pick<RequestLog, 'requestBody' | 'responseBody'> {
  return {
    requestBody:
      row.request_bytes === null
        ? null
        : {
            text: row.request_body,
            bytes: Number(row.request_bytes),
            truncated: row.request_truncated,
          },
    responseBody:
      row.response_bytes === null
        ? null
        : {
            text: row.response_body,
            bytes: Number(row.response_bytes),
            truncated: row.response_truncated,
          },
  };
}
