// @ts-check

/**
 * What was asked and answered: prunable by dropping months, and never the basis of a bill.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.raw(`
    CREATE TABLE request_logs (
      request_id text NOT NULL,
      occurred_at timestamptz NOT NULL,
      project_id text NOT NULL,
      api_key_id text NOT NULL,
      owner_ref text,
      model_id text NOT NULL,
      deployment_id uuid,
      endpoint text NOT NULL,
      streamed boolean NOT NULL,
      status smallint NOT NULL,
      outcome text NOT NULL,
      error_code text,
      attempts smallint NOT NULL CHECK (attempts >= 0),
      input_tokens bigint NOT NULL,
      output_tokens bigint NOT NULL,
      cost_nano_usd bigint NOT NULL,
      latency_ms integer NOT NULL,
      time_to_first_token_ms integer,
      client_agent text,
      request_body text,
      response_body text,
      PRIMARY KEY (occurred_at, request_id)
    ) PARTITION BY RANGE (occurred_at);
    CREATE INDEX request_logs_by_project ON request_logs (project_id, occurred_at DESC);
    CREATE INDEX request_logs_by_key ON request_logs (api_key_id, occurred_at DESC);
    CREATE TABLE request_logs_default PARTITION OF request_logs DEFAULT;
  `);
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  await knex.raw('DROP TABLE request_logs');
};
