// @ts-check

/**
 * The form in which gateways bring request logs, but for the bodies, which come beside it as they are: as usage is brought, and for the
 * same reason.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.raw(`
    CREATE TYPE request_log_row AS (
      request_id text,
      occurred_at_ms bigint,
      project_id text,
      api_key_id text,
      owner_ref text,
      model_id text,
      deployment_id uuid,
      endpoint text,
      streamed boolean,
      status smallint,
      outcome text,
      error_code text,
      attempts smallint,
      input_tokens bigint,
      output_tokens bigint,
      cost_nano_usd bigint,
      latency_ms integer,
      time_to_first_token_ms integer,
      client_agent text,
      request_bytes bigint,
      request_truncated boolean,
      response_bytes bigint,
      response_truncated boolean
    );
    COMMENT ON TYPE request_log_row IS
      'A request log on its way from a gateway; occurred_at_ms is milliseconds since the epoch. Never changed: gateways of several versions write it.';
  `);
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  await knex.raw('DROP TYPE request_log_row');
};
