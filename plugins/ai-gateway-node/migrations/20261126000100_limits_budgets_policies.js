// @ts-check

const SUBJECT_KINDS =
  "'key', 'user', 'app', 'subscription', 'project', 'business-unit', 'organisation'";

/** Whose it is, how it changed, and in which revision gateways learn of it. */
const COMMON = `
  version integer NOT NULL DEFAULT 1 CHECK (version > 0),
  revision bigint NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  created_by text NOT NULL,
  updated_at timestamptz NOT NULL DEFAULT now(),
  updated_by text NOT NULL,
  removed_at timestamptz,
  removed_by text,
  CHECK ((removed_at IS NULL) = (removed_by IS NULL))
`;

/** What becomes of it while the counters that gateways share cannot be reached. */
const WHEN_DEGRADED = `
  when_degraded text CHECK (when_degraded IN ('share', 'deny', 'cap')),
  degraded_fraction numeric(10, 9) CHECK (degraded_fraction > 0 AND degraded_fraction <= 1),
  CHECK ((degraded_fraction IS NOT NULL) = (when_degraded IS NOT DISTINCT FROM 'cap'))
`;

/**
 * How much may be used, what it may cost, and what may be asked for.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.raw(`
    CREATE TABLE limits (
      id uuid PRIMARY KEY,
      subject_kind text NOT NULL CHECK (subject_kind IN (${SUBJECT_KINDS})),
      subject_id text NOT NULL CHECK (length(subject_id) BETWEEN 1 AND 300),
      measure text NOT NULL CHECK (measure IN ('requests', 'tokens', 'concurrency')),
      time_window text NOT NULL CHECK (time_window IN ('minute', 'day', 'week', 'month', 'total', 'none')),
      amount bigint CHECK (amount > 0),
      fraction numeric(10, 9) CHECK (fraction > 0 AND fraction <= 1),
      ${WHEN_DEGRADED},
      note text NOT NULL DEFAULT '',
      ${COMMON},
      CHECK ((amount IS NULL) <> (fraction IS NULL)),
      CHECK ((measure = 'concurrency') = (time_window = 'none'))
    );
    COMMENT ON TABLE limits IS
      'At most so many requests, tokens or concurrent requests of a subject in a window. Of a removed one the row stays, so that gateways read what is newer than what they have.';
    COMMENT ON COLUMN limits.subject_id IS
      'Key id; entity ref of a user or app; project/model of a subscription; project id; business unit; default for the organisation.';
    COMMENT ON COLUMN limits.fraction IS 'A part of what the subject above has of the same measure and window, whatever that comes to be.';
    CREATE UNIQUE INDEX limits_live ON limits (subject_kind, subject_id, measure, time_window) WHERE removed_at IS NULL;
    CREATE INDEX limits_by_revision ON limits (revision);

    CREATE TABLE budgets (
      id uuid PRIMARY KEY,
      subject_kind text NOT NULL CHECK (subject_kind IN (${SUBJECT_KINDS})),
      subject_id text NOT NULL CHECK (length(subject_id) BETWEEN 1 AND 300),
      time_window text NOT NULL CHECK (time_window IN ('day', 'week', 'month', 'total')),
      amount_nano_usd bigint CHECK (amount_nano_usd > 0),
      fraction numeric(10, 9) CHECK (fraction > 0 AND fraction <= 1),
      thresholds jsonb NOT NULL CHECK (jsonb_typeof(thresholds) = 'array'),
      refusal_status smallint NOT NULL DEFAULT 402 CHECK (refusal_status IN (402, 429)),
      ${WHEN_DEGRADED},
      note text NOT NULL DEFAULT '',
      ${COMMON},
      CHECK ((amount_nano_usd IS NULL) <> (fraction IS NULL))
    );
    COMMENT ON TABLE budgets IS 'What a subject may spend in a window, and what happens on the way there.';
    COMMENT ON COLUMN budgets.thresholds IS
      'By percent, rising: [{"percent":80,"action":"notify"},{"percent":90,"action":"throttle","requestsPerMinute":10},{"percent":95,"action":"downshift","model":"small"},{"percent":100,"action":"block"}]. Without a block, spending goes on.';
    CREATE UNIQUE INDEX budgets_live ON budgets (subject_kind, subject_id, time_window) WHERE removed_at IS NULL;
    CREATE INDEX budgets_by_revision ON budgets (revision);

    CREATE TABLE budget_notices (
      budget_id uuid NOT NULL REFERENCES budgets (id) ON DELETE CASCADE,
      window_start timestamptz NOT NULL,
      percent smallint NOT NULL CHECK (percent > 0),
      spent_nano_usd numeric(38, 0) NOT NULL,
      amount_nano_usd numeric(38, 0) NOT NULL,
      noticed_at timestamptz NOT NULL DEFAULT now(),
      PRIMARY KEY (budget_id, window_start, percent)
    );
    COMMENT ON TABLE budget_notices IS
      'A threshold of a budget that was reached: once for each budget, window and threshold.';
    CREATE INDEX budget_notices_by_time ON budget_notices (noticed_at DESC);

    CREATE TABLE policies (
      id uuid PRIMARY KEY,
      subject_kind text NOT NULL CHECK (subject_kind IN ('key', 'project', 'organisation')),
      subject_id text NOT NULL CHECK (length(subject_id) BETWEEN 1 AND 300),
      allowed_models text[],
      denied_models text[] NOT NULL DEFAULT '{}',
      allowed_endpoints text[],
      denied_endpoints text[] NOT NULL DEFAULT '{}',
      max_context_tokens integer CHECK (max_context_tokens > 0),
      max_output_tokens integer CHECK (max_output_tokens > 0),
      when_exceeded text NOT NULL DEFAULT 'refuse' CHECK (when_exceeded IN ('refuse', 'clamp')),
      body_capture text CHECK (body_capture IN ('off', 'metadata', 'full')),
      body_capture_max_bytes integer CHECK (body_capture_max_bytes BETWEEN 1 AND 1048576),
      note text NOT NULL DEFAULT '',
      ${COMMON}
    );
    COMMENT ON TABLE policies IS
      'What may be asked for. Every level holds: what one denies, none below can allow. Of how bodies are kept, the narrowest level that says so decides.';
    CREATE UNIQUE INDEX policies_live ON policies (subject_kind, subject_id) WHERE removed_at IS NULL;
    CREATE INDEX policies_by_revision ON policies (revision);
  `);
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  await knex.raw('DROP TABLE policies, budget_notices, budgets, limits');
};
