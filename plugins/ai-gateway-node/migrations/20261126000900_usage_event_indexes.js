// @ts-check

/**
 * Takes away what each event had to be entered into and nobody looked anything up in: reports read sums. Whether a deployment was ever used
 * is told by its days, which are a few rows beside many events.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.raw(`
    DROP INDEX usage_events_by_project, usage_events_by_key, usage_events_by_deployment, usage_events_by_request;
    CREATE INDEX usage_daily_by_deployment ON usage_daily (deployment_id);
  `);
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  await knex.raw(`
    DROP INDEX usage_daily_by_deployment;
    CREATE INDEX usage_events_by_project ON usage_events (project_id, occurred_at DESC);
    CREATE INDEX usage_events_by_key ON usage_events (api_key_id, occurred_at DESC);
    CREATE INDEX usage_events_by_deployment ON usage_events (deployment_id, occurred_at DESC);
    CREATE INDEX usage_events_by_request ON usage_events (request_id);
  `);
};
