// @ts-check

/**
 * What the gateways serve: providers, models, deployments and prices, and the revision that tells a gateway that any of it changed.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.raw(`
    CREATE TABLE config_revision (
      only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
      revision bigint NOT NULL CHECK (revision >= 0),
      changed_at timestamptz NOT NULL DEFAULT now()
    );
    COMMENT ON TABLE config_revision IS
      'One row. Every write that gateways must know of increments it in its own transaction, so that revisions commit in order.';
    INSERT INTO config_revision (revision) VALUES (0);

    CREATE TABLE providers (
      id uuid PRIMARY KEY,
      name text NOT NULL UNIQUE CHECK (name ~ '^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9]){0,1}$'),
      title text NOT NULL CHECK (length(title) BETWEEN 1 AND 120),
      kind text NOT NULL CHECK (kind ~ '^[a-z][a-z0-9-]{0,62}$'),
      base_url text NOT NULL CHECK (base_url ~ '^https{0,1}://'),
      secret_ref text CHECK (secret_ref ~ '^[a-z]+://'),
      settings jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(settings) = 'object'),
      enabled boolean NOT NULL DEFAULT true,
      version integer NOT NULL DEFAULT 1 CHECK (version > 0),
      created_at timestamptz NOT NULL DEFAULT now(),
      created_by text NOT NULL,
      updated_at timestamptz NOT NULL DEFAULT now(),
      updated_by text NOT NULL
    );
    COMMENT ON COLUMN providers.secret_ref IS 'Where the credential is found at run time (env://NAME); never the credential.';
    COMMENT ON COLUMN providers.settings IS 'What only this kind of provider needs, such as an API version.';

    CREATE TABLE models (
      id text PRIMARY KEY CHECK (id ~ '^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9]){0,1}$'),
      title text NOT NULL CHECK (length(title) BETWEEN 1 AND 120),
      description text NOT NULL DEFAULT '',
      modality text NOT NULL,
      capabilities text[] NOT NULL DEFAULT '{}',
      context_window integer CHECK (context_window > 0),
      max_output_tokens integer CHECK (max_output_tokens > 0),
      owner_ref text NOT NULL,
      lifecycle text NOT NULL CHECK (lifecycle IN ('experimental', 'production', 'deprecated')),
      version integer NOT NULL DEFAULT 1 CHECK (version > 0),
      created_at timestamptz NOT NULL DEFAULT now(),
      created_by text NOT NULL,
      updated_at timestamptz NOT NULL DEFAULT now(),
      updated_by text NOT NULL
    );

    CREATE TABLE deployments (
      id uuid PRIMARY KEY,
      model_id text NOT NULL REFERENCES models (id) ON DELETE RESTRICT,
      provider_id uuid NOT NULL REFERENCES providers (id) ON DELETE RESTRICT,
      upstream_model text NOT NULL CHECK (length(upstream_model) BETWEEN 1 AND 255),
      weight integer NOT NULL DEFAULT 1 CHECK (weight BETWEEN 1 AND 1000),
      priority integer NOT NULL DEFAULT 0 CHECK (priority BETWEEN 0 AND 1000),
      settings jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(settings) = 'object'),
      published boolean NOT NULL DEFAULT false,
      publication_changed_at timestamptz,
      publication_changed_by text,
      version integer NOT NULL DEFAULT 1 CHECK (version > 0),
      created_at timestamptz NOT NULL DEFAULT now(),
      created_by text NOT NULL,
      updated_at timestamptz NOT NULL DEFAULT now(),
      updated_by text NOT NULL,
      UNIQUE (model_id, provider_id, upstream_model),
      CHECK ((publication_changed_at IS NULL) = (publication_changed_by IS NULL)),
      CHECK (NOT published OR publication_changed_at IS NOT NULL)
    );
    CREATE INDEX deployments_by_provider ON deployments (provider_id);
    CREATE INDEX deployments_published_by_model ON deployments (model_id) WHERE published;

    CREATE TABLE prices (
      id uuid PRIMARY KEY,
      deployment_id uuid NOT NULL REFERENCES deployments (id) ON DELETE CASCADE,
      effective_from timestamptz NOT NULL,
      input_nano_usd_per_million bigint NOT NULL CHECK (input_nano_usd_per_million >= 0),
      output_nano_usd_per_million bigint NOT NULL CHECK (output_nano_usd_per_million >= 0),
      cached_input_nano_usd_per_million bigint CHECK (cached_input_nano_usd_per_million >= 0),
      cache_write_nano_usd_per_million bigint CHECK (cache_write_nano_usd_per_million >= 0),
      reasoning_nano_usd_per_million bigint CHECK (reasoning_nano_usd_per_million >= 0),
      audio_nano_usd_per_million bigint CHECK (audio_nano_usd_per_million >= 0),
      image_nano_usd_per_million bigint CHECK (image_nano_usd_per_million >= 0),
      request_nano_usd bigint CHECK (request_nano_usd >= 0),
      note text,
      created_at timestamptz NOT NULL DEFAULT now(),
      created_by text NOT NULL,
      UNIQUE (deployment_id, effective_from)
    );
    COMMENT ON TABLE prices IS
      'A price is in force from effective_from until the next one of its deployment starts, so that two can never overlap. Rows are never changed: a correction is a new row.';
  `);
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  await knex.raw(
    'DROP TABLE prices, deployments, models, providers, config_revision',
  );
};
