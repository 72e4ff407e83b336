import type { Knex } from 'knex';
import type { LedgerStore } from './LedgerStore';
import type { UsageEvent } from './UsageEvent';

/** A server that hangs is as one that is away. */
const TIMEOUT_MS = 15_000;

/**
 * Books new events and adds them, and only them, to their hours.
 *
 * One statement, so that an hour can never differ from its events. Rows are taken in the order of their keys, here and below: two
 * gateways that book at the same time wait for one another and never for each other.
 */
const BOOK = `
  WITH incoming AS (
    SELECT * FROM jsonb_to_recordset(?::jsonb) AS event (
      id uuid, occurred_at timestamptz, request_id text, attempt smallint, gateway_id uuid,
      project_id text, business_unit text, api_key_id text, owner_kind text, owner_ref text,
      model_id text, deployment_id uuid, provider_id uuid, upstream_model text, endpoint text,
      streamed boolean, outcome text, error_code text, upstream_status smallint, usage_source text,
      input_tokens bigint, cached_input_tokens bigint, cache_write_tokens bigint, output_tokens bigint,
      reasoning_tokens bigint, audio_tokens bigint, image_tokens bigint,
      price_id uuid, cost_nano_usd bigint, latency_ms integer, time_to_first_token_ms integer
    )
  ), booked AS (
    INSERT INTO usage_events (
      id, occurred_at, request_id, attempt, gateway_id,
      project_id, business_unit, api_key_id, owner_kind, owner_ref,
      model_id, deployment_id, provider_id, upstream_model, endpoint,
      streamed, outcome, error_code, upstream_status, usage_source,
      input_tokens, cached_input_tokens, cache_write_tokens, output_tokens,
      reasoning_tokens, audio_tokens, image_tokens,
      price_id, cost_nano_usd, latency_ms, time_to_first_token_ms
    )
    SELECT
      id, occurred_at, request_id, attempt, gateway_id,
      project_id, business_unit, api_key_id, owner_kind, owner_ref,
      model_id, deployment_id, provider_id, upstream_model, endpoint,
      streamed, outcome, error_code, upstream_status, usage_source,
      input_tokens, cached_input_tokens, cache_write_tokens, output_tokens,
      reasoning_tokens, audio_tokens, image_tokens,
      price_id, cost_nano_usd, latency_ms, time_to_first_token_ms
    FROM incoming
    ORDER BY occurred_at, id
    ON CONFLICT (occurred_at, id) DO NOTHING
    RETURNING *
  ), rolled_up AS (
    INSERT INTO usage_hourly (
      hour, project_id, api_key_id, model_id, deployment_id, business_unit, owner_kind, owner_ref,
      requests, errors,
      input_tokens, cached_input_tokens, cache_write_tokens, output_tokens,
      reasoning_tokens, audio_tokens, image_tokens,
      cost_nano_usd, latency_ms_sum, time_to_first_token_ms_sum, time_to_first_token_count
    )
    SELECT
      date_trunc('hour', occurred_at, 'UTC') AS hour,
      project_id, api_key_id, model_id, deployment_id, business_unit, min(owner_kind), min(owner_ref),
      count(*), count(*) FILTER (WHERE outcome <> 'complete'),
      sum(input_tokens), sum(cached_input_tokens), sum(cache_write_tokens), sum(output_tokens),
      sum(reasoning_tokens), sum(audio_tokens), sum(image_tokens),
      sum(cost_nano_usd), sum(latency_ms),
      coalesce(sum(time_to_first_token_ms), 0), count(time_to_first_token_ms)
    FROM booked
    GROUP BY hour, project_id, api_key_id, model_id, deployment_id, business_unit
    ORDER BY project_id, hour, api_key_id, model_id, deployment_id, business_unit
    ON CONFLICT (project_id, hour, api_key_id, model_id, deployment_id, business_unit) DO UPDATE SET
      requests = usage_hourly.requests + excluded.requests,
      errors = usage_hourly.errors + excluded.errors,
      input_tokens = usage_hourly.input_tokens + excluded.input_tokens,
      cached_input_tokens = usage_hourly.cached_input_tokens + excluded.cached_input_tokens,
      cache_write_tokens = usage_hourly.cache_write_tokens + excluded.cache_write_tokens,
      output_tokens = usage_hourly.output_tokens + excluded.output_tokens,
      reasoning_tokens = usage_hourly.reasoning_tokens + excluded.reasoning_tokens,
      audio_tokens = usage_hourly.audio_tokens + excluded.audio_tokens,
      image_tokens = usage_hourly.image_tokens + excluded.image_tokens,
      cost_nano_usd = usage_hourly.cost_nano_usd + excluded.cost_nano_usd,
      latency_ms_sum = usage_hourly.latency_ms_sum + excluded.latency_ms_sum,
      time_to_first_token_ms_sum =
        usage_hourly.time_to_first_token_ms_sum + excluded.time_to_first_token_ms_sum,
      time_to_first_token_count =
        usage_hourly.time_to_first_token_count + excluded.time_to_first_token_count
  )
  SELECT api_key_id, max(occurred_at) AS used_at, count(*)::integer AS events FROM booked GROUP BY api_key_id
`;

/** Rows are locked in the order of their ids before any is changed. */
const TOUCH_KEYS = `
  WITH used AS (
    SELECT * FROM jsonb_to_recordset(?::jsonb) AS used (id text, used_at timestamptz)
  ), locked AS (
    SELECT api_keys.id FROM api_keys JOIN used ON used.id = api_keys.id ORDER BY api_keys.id FOR UPDATE OF api_keys
  )
  UPDATE api_keys SET last_used_at = GREATEST(api_keys.last_used_at, used.used_at)
  FROM used JOIN locked ON locked.id = used.id
  WHERE api_keys.id = used.id
`;

interface BookedKey {
  api_key_id: string;
  used_at: Date;
  events: number;
}

/** The ledger in PostgreSQL. @public */
export class DatabaseLedgerStore implements LedgerStore {
  readonly #knex: Knex;

  static create(options: { knex: Knex }): DatabaseLedgerStore {
    return new DatabaseLedgerStore(options.knex);
  }

  private constructor(knex: Knex) {
    this.#knex = knex;
  }

  /** {@inheritDoc LedgerStore.book} */
  async book(events: readonly UsageEvent[]): Promise<number> {
    if (events.length === 0) return 0;
    const incoming = JSON.stringify(events.map(toRow));
    return this.#knex.transaction(async tx => {
      const { rows }: { rows: BookedKey[] } = await tx
        .raw(BOOK, [incoming])
        .timeout(TIMEOUT_MS);
      if (rows.length === 0) return 0;
      const used = rows.map(row => ({
        id: row.api_key_id,
        used_at: row.used_at,
      }));
      await tx.raw(TOUCH_KEYS, [JSON.stringify(used)]).timeout(TIMEOUT_MS);
      return rows.reduce((sum, row) => sum + row.events, 0);
    });
  }
}

function toRow(event: UsageEvent) {
  const { tokens } = event;
  return {
    id: event.id,
    occurred_at: new Date(event.occurredAt).toISOString(),
    request_id: event.requestId,
    attempt: event.attempt,
    gateway_id: event.gatewayId,
    project_id: event.projectId,
    business_unit: event.businessUnit,
    api_key_id: event.apiKeyId,
    owner_kind: event.ownerKind,
    owner_ref: event.ownerRef,
    model_id: event.modelId,
    deployment_id: event.deploymentId,
    provider_id: event.providerId,
    upstream_model: event.upstreamModel,
    endpoint: event.endpoint,
    streamed: event.streamed,
    outcome: event.outcome,
    error_code: event.errorCode,
    upstream_status: event.upstreamStatus,
    usage_source: event.usageSource,
    input_tokens: tokens.input,
    cached_input_tokens: tokens.cachedInput,
    cache_write_tokens: tokens.cacheWrite,
    output_tokens: tokens.output,
    reasoning_tokens: tokens.reasoning,
    audio_tokens: tokens.audio,
    image_tokens: tokens.image,
    price_id: event.priceId,
    // A string: JSON has no integers of this size.
    cost_nano_usd: event.costNanoUsd.toString(),
    latency_ms: event.latencyMs,
    time_to_first_token_ms: event.timeToFirstTokenMs,
  };
}
