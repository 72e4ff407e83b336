/**
 * Request logs in ClickHouse.
 *
 * ReplacingMergeTree: rows with the same sorting key are one row. A record's time is fixed when it is made, so a record that is sent again
 * has the same key and the same partition, and `FINAL` shows it once even before the engine has merged the two. Time comes before the
 * request id, since pages are read by project and time; the id has an index of its own.
 *
 * An operator may make the table beforehand with another engine of that family (`ReplicatedReplacingMergeTree`) or storage policy.
 */
export const CREATE_REQUEST_LOGS = `
CREATE TABLE IF NOT EXISTS request_logs (
  request_id String,
  occurred_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD),
  project_id LowCardinality(String),
  api_key_id String,
  owner_ref Nullable(String),
  model_id LowCardinality(String),
  deployment_id Nullable(UUID),
  endpoint LowCardinality(String),
  streamed Bool,
  status Int16,
  outcome LowCardinality(String),
  error_code LowCardinality(Nullable(String)),
  attempts Int16,
  input_tokens Int64,
  output_tokens Int64,
  cost_nano_usd Int64,
  latency_ms Int32,
  time_to_first_token_ms Nullable(Int32),
  client_agent Nullable(String),
  request_body Nullable(String) CODEC(ZSTD(3)),
  request_bytes Nullable(Int64),
  request_truncated Bool,
  response_body Nullable(String) CODEC(ZSTD(3)),
  response_bytes Nullable(Int64),
  response_truncated Bool,
  INDEX by_request request_id TYPE bloom_filter(0.001) GRANULARITY 1
) ENGINE = ReplacingMergeTree
PARTITION BY toYYYYMM(occurred_at)
ORDER BY (project_id, occurred_at, request_id)`;
