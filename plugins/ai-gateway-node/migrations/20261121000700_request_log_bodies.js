// @ts-check

/**
 * What of a body was kept, beside the text itself: how long it was, and whether the text is only its beginning. And the way to one request.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.raw(`
    ALTER TABLE request_logs
      ADD COLUMN request_bytes bigint CHECK (request_bytes >= 0),
      ADD COLUMN request_truncated boolean NOT NULL DEFAULT false,
      ADD COLUMN response_bytes bigint CHECK (response_bytes >= 0),
      ADD COLUMN response_truncated boolean NOT NULL DEFAULT false;
    COMMENT ON COLUMN request_logs.request_bytes IS
      'Length of the body as it was sent, however much of it is kept. NULL: nothing was captured, not even this.';
    CREATE INDEX request_logs_by_request ON request_logs (request_id);
  `);
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  await knex.raw(`
    DROP INDEX request_logs_by_request;
    ALTER TABLE request_logs
      DROP COLUMN request_bytes,
      DROP COLUMN request_truncated,
      DROP COLUMN response_bytes,
      DROP COLUMN response_truncated;
  `);
};
