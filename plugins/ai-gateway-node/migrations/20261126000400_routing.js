// @ts-check

const STAMPS = `
  version integer NOT NULL DEFAULT 1 CHECK (version > 0),
  created_at timestamptz NOT NULL DEFAULT now(),
  created_by text NOT NULL,
  updated_at timestamptz NOT NULL DEFAULT now(),
  updated_by text NOT NULL
`;

/** Wider than a model's id, so that the names that vendors use may stand here: `meta-llama/Llama-3.3-70B`, `gpt-4o:latest`. */
const NAME = '^[A-Za-z0-9]([A-Za-z0-9._:/@-]{0,126}[A-Za-z0-9]){0,1}$';

/**
 * Which deployment of a model is tried, what is tried after it, and how each gateway finds its deployments.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.raw(`
    CREATE TABLE model_routing (
      model_id text PRIMARY KEY REFERENCES models (id) ON DELETE CASCADE,
      strategy text NOT NULL DEFAULT 'priority'
        CHECK (strategy IN ('priority', 'weighted', 'round-robin', 'least-latency', 'least-connections')),
      fallback_models text[] NOT NULL DEFAULT '{}' CHECK (cardinality(fallback_models) <= 10),
      retries jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(retries) = 'object'),
      health jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(health) = 'object'),
      timeouts jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(timeouts) = 'object'),
      ${STAMPS}
    );
    COMMENT ON TABLE model_routing IS
      'How requests for a model find a deployment. A model without a row is routed by the defaults.';
    COMMENT ON COLUMN model_routing.fallback_models IS
      'Models or aliases, in the order in which they are tried once no deployment of the model itself is left.';
    COMMENT ON COLUMN model_routing.retries IS
      'As retrySettingsSchema of the common package: {"attempts":3,"perDeployment":2,"withinMs":180000,"backoffMs":100,"maxBackoffMs":2000,"budgetPercent":20}; what is left out has its default.';
    COMMENT ON COLUMN model_routing.health IS
      'As healthSettingsSchema of the common package: {"failures":5,"failurePercent":50,"openMs":10000,"maxOpenMs":120000,"cooldownMs":5000,"probe":true}; what is left out has its default.';
    COMMENT ON COLUMN model_routing.timeouts IS
      'As timeoutSettingsSchema of the common package: {"firstTokenMs":120000,"idleMs":60000,"totalMs":1800000}; what is left out is as the gateway is configured.';

    CREATE TABLE model_aliases (
      alias text PRIMARY KEY CHECK (alias ~ '${NAME}'),
      target text NOT NULL CHECK (target ~ '${NAME}'),
      ${STAMPS}
    );
    COMMENT ON TABLE model_aliases IS
      'Other names by which a model may be asked for. No foreign key: the target is a model or another alias; findRoutingConflicts of the common package says what cannot be.';
    CREATE INDEX model_aliases_by_target ON model_aliases (target);

    CREATE TABLE deployment_states (
      gateway_id uuid NOT NULL REFERENCES gateway_replicas (id) ON DELETE CASCADE,
      deployment_id uuid NOT NULL,
      state text NOT NULL CHECK (state IN ('healthy', 'cooling', 'open', 'draining')),
      since timestamptz NOT NULL,
      until timestamptz,
      reason text,
      first_token_ms integer CHECK (first_token_ms >= 0),
      answer_ms integer CHECK (answer_ms >= 0),
      in_flight integer NOT NULL CHECK (in_flight >= 0),
      reported_at timestamptz NOT NULL,
      PRIMARY KEY (gateway_id, deployment_id)
    );
    COMMENT ON TABLE deployment_states IS
      'How each gateway finds its deployments, as it last reported: on a change, and with its heartbeat. A deployment without a row has not been used by that gateway and counts as healthy. What a gateway that is gone reported is out of date.';
    COMMENT ON COLUMN deployment_states.state IS
      'healthy: tried; cooling: left alone as the provider asked (429), until then; open: left alone after failures, until it is tried again; draining: no longer published, finishing what is under way.';
    COMMENT ON COLUMN deployment_states.since IS 'Since when it has been in this state.';
    COMMENT ON COLUMN deployment_states.until IS 'Until when it is left alone; null unless cooling or open.';
    COMMENT ON COLUMN deployment_states.reason IS 'The code of the error that brought it there; null while healthy.';
    COMMENT ON COLUMN deployment_states.first_token_ms IS
      'Exponentially weighted mean of the time to the first token of streams; null when none has been seen.';
    COMMENT ON COLUMN deployment_states.answer_ms IS
      'The same of the time to a whole answer, of requests that are not streamed.';
    CREATE INDEX deployment_states_by_deployment ON deployment_states (deployment_id);
    CREATE INDEX deployment_states_open ON deployment_states (deployment_id) WHERE state = 'open';
  `);
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  await knex.raw('DROP TABLE deployment_states, model_aliases, model_routing');
};
