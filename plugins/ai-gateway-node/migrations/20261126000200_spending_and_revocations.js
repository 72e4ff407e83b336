// @ts-check

/**
 * Ways to the spending of owners and business units, and when each gateway knew which keys: the proof of a revocation.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.raw(`
    CREATE INDEX usage_hourly_by_owner ON usage_hourly (owner_ref, hour) WHERE owner_ref IS NOT NULL;
    CREATE INDEX usage_hourly_by_unit ON usage_hourly (business_unit, hour);

    CREATE TABLE gateway_key_revisions (
      gateway_id uuid NOT NULL REFERENCES gateway_replicas (id) ON DELETE CASCADE,
      revision bigint NOT NULL CHECK (revision >= 0),
      applied_at timestamptz NOT NULL,
      PRIMARY KEY (gateway_id, revision)
    );
    COMMENT ON TABLE gateway_key_revisions IS
      'From when on a gateway has known all keys as they are in a revision of the configuration. Revisions that it skipped came with the next one.';
    COMMENT ON COLUMN gateway_key_revisions.applied_at IS 'By the clock of the database, whatever that of the gateway says.';
    CREATE INDEX gateway_key_revisions_by_time ON gateway_key_revisions (applied_at);
  `);
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  await knex.raw(`
    DROP TABLE gateway_key_revisions;
    DROP INDEX usage_hourly_by_unit, usage_hourly_by_owner;
  `);
};
