// @ts-check

/**
 * What was used and what it cost: the immutable usage events, by month, and their hourly sums.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.raw(`
    CREATE TABLE usage_events (
      id uuid NOT NULL,
      occurred_at timestamptz NOT NULL,
      recorded_at timestamptz NOT NULL DEFAULT now(),
      request_id text NOT NULL,
      attempt smallint NOT NULL CHECK (attempt > 0),
      gateway_id uuid NOT NULL,
      project_id text NOT NULL,
      business_unit text NOT NULL,
      api_key_id text NOT NULL,
      owner_kind text NOT NULL CHECK (owner_kind IN ('user', 'app', 'project')),
      owner_ref text,
      model_id text NOT NULL,
      deployment_id uuid NOT NULL,
      provider_id uuid NOT NULL,
      upstream_model text NOT NULL,
      endpoint text NOT NULL,
      streamed boolean NOT NULL,
      outcome text NOT NULL CHECK (outcome IN ('complete', 'truncated', 'client_abort', 'upstream_error', 'refused')),
      error_code text,
      upstream_status smallint,
      usage_source text NOT NULL CHECK (usage_source IN ('reported', 'estimated', 'none')),
      input_tokens bigint NOT NULL DEFAULT 0 CHECK (input_tokens >= 0),
      cached_input_tokens bigint NOT NULL DEFAULT 0 CHECK (cached_input_tokens >= 0),
      cache_write_tokens bigint NOT NULL DEFAULT 0 CHECK (cache_write_tokens >= 0),
      output_tokens bigint NOT NULL DEFAULT 0 CHECK (output_tokens >= 0),
      reasoning_tokens bigint NOT NULL DEFAULT 0 CHECK (reasoning_tokens >= 0),
      audio_tokens bigint NOT NULL DEFAULT 0 CHECK (audio_tokens >= 0),
      image_tokens bigint NOT NULL DEFAULT 0 CHECK (image_tokens >= 0),
      price_id uuid,
      cost_nano_usd bigint NOT NULL CHECK (cost_nano_usd >= 0),
      latency_ms integer NOT NULL CHECK (latency_ms >= 0),
      time_to_first_token_ms integer CHECK (time_to_first_token_ms >= 0),
      PRIMARY KEY (occurred_at, id)
    ) PARTITION BY RANGE (occurred_at);
    COMMENT ON TABLE usage_events IS
      'The ledger: one row for each billed attempt, never changed. Token classes are disjoint. No foreign keys: an event about something that was deleted meanwhile must still be booked.';
    CREATE INDEX usage_events_by_project ON usage_events (project_id, occurred_at DESC);
    CREATE INDEX usage_events_by_key ON usage_events (api_key_id, occurred_at DESC);
    CREATE INDEX usage_events_by_deployment ON usage_events (deployment_id, occurred_at DESC);
    CREATE INDEX usage_events_by_request ON usage_events (request_id);
    CREATE TABLE usage_events_default PARTITION OF usage_events DEFAULT;

    CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
    END $$;
    CREATE TRIGGER usage_events_append_only BEFORE UPDATE ON usage_events
      FOR EACH ROW EXECUTE FUNCTION refuse_change();

    CREATE TABLE usage_hourly (
      hour timestamptz NOT NULL CHECK (date_trunc('hour', hour, 'UTC') = hour),
      project_id text NOT NULL,
      api_key_id text NOT NULL,
      model_id text NOT NULL,
      deployment_id uuid NOT NULL,
      business_unit text NOT NULL,
      owner_kind text NOT NULL,
      owner_ref text,
      requests bigint NOT NULL,
      errors bigint NOT NULL,
      input_tokens bigint NOT NULL,
      cached_input_tokens bigint NOT NULL,
      cache_write_tokens bigint NOT NULL,
      output_tokens bigint NOT NULL,
      reasoning_tokens bigint NOT NULL,
      audio_tokens bigint NOT NULL,
      image_tokens bigint NOT NULL,
      cost_nano_usd numeric(38, 0) NOT NULL,
      latency_ms_sum bigint NOT NULL,
      time_to_first_token_ms_sum bigint NOT NULL,
      time_to_first_token_count bigint NOT NULL,
      PRIMARY KEY (project_id, hour, api_key_id, model_id, deployment_id, business_unit)
    );
    COMMENT ON TABLE usage_hourly IS
      'Sums of usage_events by hour, incremented in the transaction that books them, and only by rows that were new.';
    CREATE INDEX usage_hourly_by_hour ON usage_hourly (hour);
    CREATE INDEX usage_hourly_by_key ON usage_hourly (api_key_id, hour);
  `);
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  await knex.raw(
    'DROP TABLE usage_hourly, usage_events; DROP FUNCTION refuse_change()',
  );
};
