// @ts-check

/**
 * Who did what, and which gateways serve.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.raw(`
    CREATE TABLE audit_events (
      id uuid PRIMARY KEY,
      occurred_at timestamptz NOT NULL DEFAULT now(),
      actor_kind text NOT NULL CHECK (actor_kind IN ('user', 'service')),
      actor_ref text NOT NULL,
      action text NOT NULL CHECK (action ~ '^[a-z-]+\\.[a-z-]+$'),
      resource_kind text NOT NULL,
      resource_id text NOT NULL,
      project_id text,
      changes jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(changes) = 'object')
    );
    COMMENT ON TABLE audit_events IS 'Append-only, written in the transaction of the change that it tells of. Holds no secret.';
    CREATE INDEX audit_events_by_time ON audit_events (occurred_at DESC, id DESC);
    CREATE INDEX audit_events_by_resource ON audit_events (resource_kind, resource_id, occurred_at DESC);
    CREATE INDEX audit_events_by_project ON audit_events (project_id, occurred_at DESC) WHERE project_id IS NOT NULL;
    CREATE TRIGGER audit_events_append_only BEFORE UPDATE OR DELETE ON audit_events
      FOR EACH ROW EXECUTE FUNCTION refuse_change();

    CREATE TABLE gateway_replicas (
      id uuid PRIMARY KEY,
      hostname text NOT NULL,
      version text NOT NULL,
      started_at timestamptz NOT NULL,
      last_seen_at timestamptz NOT NULL,
      state text NOT NULL CHECK (state IN ('ready', 'draining')),
      applied_revision bigint NOT NULL CHECK (applied_revision >= 0),
      applied_at timestamptz,
      configuration_error text
    );
    CREATE INDEX gateway_replicas_by_last_seen ON gateway_replicas (last_seen_at);
  `);
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  await knex.raw('DROP TABLE gateway_replicas, audit_events');
};
