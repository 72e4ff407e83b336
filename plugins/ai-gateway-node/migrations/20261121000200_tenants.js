// @ts-check

/**
 * Who uses and who pays: projects, what they subscribe to, and their API keys. The project is the tenant.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.raw(`
    CREATE TABLE projects (
      id text PRIMARY KEY CHECK (id ~ '^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9]){0,1}$'),
      title text NOT NULL CHECK (length(title) BETWEEN 1 AND 120),
      description text NOT NULL DEFAULT '',
      owner_ref text NOT NULL CHECK (owner_ref LIKE 'group:%'),
      business_unit text NOT NULL,
      cost_centre text,
      type text NOT NULL CHECK (type IN ('internal', 'client')),
      version integer NOT NULL DEFAULT 1 CHECK (version > 0),
      created_at timestamptz NOT NULL DEFAULT now(),
      created_by text NOT NULL,
      updated_at timestamptz NOT NULL DEFAULT now(),
      updated_by text NOT NULL
    );
    CREATE INDEX projects_by_owner ON projects (owner_ref);

    CREATE TABLE subscriptions (
      id uuid PRIMARY KEY,
      project_id text NOT NULL REFERENCES projects (id) ON DELETE RESTRICT,
      model_id text NOT NULL REFERENCES models (id) ON DELETE RESTRICT,
      state text NOT NULL CHECK (state IN ('requested', 'approved', 'denied', 'suspended', 'revoked')),
      reason text,
      requested_at timestamptz NOT NULL DEFAULT now(),
      requested_by text NOT NULL,
      decided_at timestamptz,
      decided_by text,
      CHECK ((decided_at IS NULL) = (decided_by IS NULL)),
      CHECK (state = 'requested' OR decided_at IS NOT NULL)
    );
    CREATE UNIQUE INDEX subscriptions_live ON subscriptions (project_id, model_id)
      WHERE state IN ('requested', 'approved', 'suspended');
    CREATE INDEX subscriptions_by_model ON subscriptions (model_id);

    CREATE TABLE api_keys (
      id text PRIMARY KEY CHECK (id ~ '^[0-9A-Za-z]{12}$'),
      project_id text NOT NULL REFERENCES projects (id) ON DELETE RESTRICT,
      owner_kind text NOT NULL CHECK (owner_kind IN ('user', 'app', 'project')),
      owner_ref text,
      label text NOT NULL CHECK (length(label) BETWEEN 1 AND 80),
      last_four text NOT NULL CHECK (length(last_four) = 4),
      model_scope text[] CHECK (cardinality(model_scope) > 0),
      idempotency_key text,
      created_at timestamptz NOT NULL DEFAULT now(),
      created_by text NOT NULL,
      expires_at timestamptz,
      revoked_at timestamptz,
      revoked_by text,
      last_used_at timestamptz,
      revision bigint NOT NULL,
      UNIQUE (created_by, idempotency_key),
      CHECK ((owner_kind = 'project') = (owner_ref IS NULL)),
      CHECK ((revoked_at IS NULL) = (revoked_by IS NULL))
    );
    COMMENT ON COLUMN api_keys.model_scope IS
      'Models it may call; NULL for all that its project may. An array and not a table of references: were rows to vanish with their model, the key would widen.';
    COMMENT ON COLUMN api_keys.revision IS
      'The config_revision of its last change that gateways must know of; they read what is newer than what they have.';
    CREATE INDEX api_keys_by_project ON api_keys (project_id, created_at DESC);
    CREATE INDEX api_keys_by_owner ON api_keys (owner_ref) WHERE owner_ref IS NOT NULL;
    CREATE INDEX api_keys_by_revision ON api_keys (revision);

    CREATE TABLE api_key_digests (
      digest bytea PRIMARY KEY CHECK (length(digest) = 32),
      api_key_id text NOT NULL REFERENCES api_keys (id) ON DELETE CASCADE,
      pepper_version integer NOT NULL CHECK (pepper_version > 0),
      created_at timestamptz NOT NULL DEFAULT now(),
      lapses_at timestamptz
    );
    COMMENT ON TABLE api_key_digests IS
      'HMAC-SHA-256 of a whole key under a pepper that is not in the database. A rotation adds a digest and lets the one before lapse.';
    CREATE INDEX api_key_digests_by_key ON api_key_digests (api_key_id);
  `);
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  await knex.raw(
    'DROP TABLE api_key_digests, api_keys, subscriptions, projects',
  );
};
