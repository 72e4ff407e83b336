// @ts-check

/** What is summed up, under the same names in every table of sums. */
const SUMS = [
  'requests',
  'errors',
  'input_tokens',
  'cached_input_tokens',
  'cache_write_tokens',
  'output_tokens',
  'reasoning_tokens',
  'audio_tokens',
  'image_tokens',
  'cost_nano_usd',
  'latency_ms_sum',
  'time_to_first_token_ms_sum',
  'time_to_first_token_count',
];
const SUM_COLUMNS = SUMS.map(
  name =>
    `${name} ${name === 'cost_nano_usd' ? 'numeric(38, 0)' : 'bigint'} NOT NULL`,
).join(', ');
const ADD_UP = SUMS.map(name => `sum(${name})`).join(', ');

/** @param {string} table */
const increment = table =>
  SUMS.map(name => `${name} = ${table}.${name} + excluded.${name}`).join(', ');

/** Events, each as an hour's row would hold it alone. */
const BOOKED = `
  SELECT date_trunc('hour', occurred_at, 'UTC') AS hour,
    project_id, api_key_id, model_id, deployment_id, business_unit, owner_kind, owner_ref,
    1 AS requests, (outcome <> 'complete')::integer AS errors,
    input_tokens, cached_input_tokens, cache_write_tokens, output_tokens, reasoning_tokens, audio_tokens, image_tokens,
    cost_nano_usd, latency_ms AS latency_ms_sum,
    coalesce(time_to_first_token_ms, 0) AS time_to_first_token_ms_sum,
    (time_to_first_token_ms IS NOT NULL)::integer AS time_to_first_token_count
  FROM booked`;

/**
 * Adds rows that have the columns of `usage_hourly` to the days and to the rollups. Rows are taken in the order of their keys, so that two
 * who do it at the same time wait for one another and never for each other.
 *
 * @param {string} source - a query
 */
const rollUp = source => `
  INSERT INTO usage_daily
  SELECT date_trunc('day', hour, 'UTC'), project_id, api_key_id, model_id, deployment_id, business_unit,
    min(owner_kind), min(owner_ref), ${ADD_UP}
  FROM (${source}) AS source
  GROUP BY 1, 2, 3, 4, 5, 6
  ORDER BY 2, 1, 3, 4, 5, 6
  ON CONFLICT (project_id, day, api_key_id, model_id, deployment_id, business_unit)
    DO UPDATE SET ${increment('usage_daily')};

  INSERT INTO usage_rollups
  SELECT level.grain, level.span, level.project_id, level.start, level.group_id, ${ADD_UP}
  FROM (${source}) AS source
  CROSS JOIN LATERAL (VALUES
    ('project', 'hour', source.project_id, hour, ''),
    ('project', 'day', source.project_id, date_trunc('day', hour, 'UTC'), ''),
    ('project-model', 'day', source.project_id, date_trunc('day', hour, 'UTC'), model_id),
    ('model', 'hour', '', hour, model_id),
    ('model', 'day', '', date_trunc('day', hour, 'UTC'), model_id),
    ('key', 'month', source.project_id, date_trunc('month', hour, 'UTC'), api_key_id)
  ) AS level (grain, span, project_id, start, group_id)
  GROUP BY 1, 2, 3, 4, 5
  ORDER BY 1, 2, 3, 4, 5
  ON CONFLICT (grain, span, project_id, start, group_id)
    DO UPDATE SET ${increment('usage_rollups')};`;

/**
 * Sums of usage by day, and coarser ones for reports over long spans. A trigger keeps them, so that they are right whichever gateway books,
 * also one that is older than they are.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.raw(`
    CREATE TABLE usage_daily (
      day timestamptz NOT NULL CHECK (date_trunc('day', day, 'UTC') = day),
      project_id text NOT NULL,
      api_key_id text NOT NULL,
      model_id text NOT NULL,
      deployment_id uuid NOT NULL,
      business_unit text NOT NULL,
      owner_kind text NOT NULL,
      owner_ref text,
      ${SUM_COLUMNS},
      PRIMARY KEY (project_id, day, api_key_id, model_id, deployment_id, business_unit)
    );
    COMMENT ON TABLE usage_daily IS
      'Sums of usage_events by day of UTC, incremented by a trigger in the transaction that books them, and only by rows that were new.';
    CREATE INDEX usage_daily_by_day ON usage_daily (day);
    CREATE INDEX usage_daily_by_key ON usage_daily (api_key_id, day);
    CREATE INDEX usage_daily_by_model ON usage_daily (model_id, day);

    CREATE TABLE usage_rollups (
      grain text NOT NULL CHECK (grain IN ('project', 'project-model', 'model', 'key')),
      span text NOT NULL CHECK (span IN ('hour', 'day', 'month')),
      project_id text NOT NULL,
      start timestamptz NOT NULL,
      group_id text NOT NULL,
      ${SUM_COLUMNS},
      PRIMARY KEY (grain, span, project_id, start, group_id)
    );
    COMMENT ON TABLE usage_rollups IS
      'Sums of usage_events by hour, day or month of UTC, and by less than a key: for reports over long spans. Kept as usage_daily is.';
    COMMENT ON COLUMN usage_rollups.grain IS
      'What group_id is: nothing (of a project), a model of a project, a model of all projects (project_id is empty), or a key.';
    CREATE INDEX usage_rollups_by_start ON usage_rollups (grain, span, start);

    CREATE FUNCTION roll_up_usage() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      ${rollUp(BOOKED)}
      RETURN NULL;
    END $$;
    -- Waits for those who are booking, and has others wait until the sums below are made: none is missed and none counts twice.
    CREATE TRIGGER usage_events_roll_up AFTER INSERT ON usage_events
      REFERENCING NEW TABLE AS booked FOR EACH STATEMENT EXECUTE FUNCTION roll_up_usage();

    CREATE FUNCTION rebuild_usage_rollups() RETURNS void LANGUAGE plpgsql AS $$
    BEGIN
      LOCK TABLE usage_events IN SHARE ROW EXCLUSIVE MODE;
      DELETE FROM usage_daily;
      DELETE FROM usage_rollups;
      ${rollUp('SELECT * FROM usage_hourly')}
    END $$;
    COMMENT ON FUNCTION rebuild_usage_rollups IS
      'Makes usage_daily and usage_rollups anew from usage_hourly; bookings wait meanwhile.';
    SELECT rebuild_usage_rollups();
  `);
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  await knex.raw(`
    DROP TRIGGER usage_events_roll_up ON usage_events;
    DROP FUNCTION roll_up_usage();
    DROP FUNCTION rebuild_usage_rollups();
    DROP TABLE usage_rollups, usage_daily;
  `);
};
