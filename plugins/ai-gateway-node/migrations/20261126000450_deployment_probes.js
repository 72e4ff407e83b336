// @ts-check

/**
 * What a look at a deployment that is left alone found, by the one gateway that looks, for all.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.raw(`
    CREATE TABLE deployment_probes (
      deployment_id uuid PRIMARY KEY,
      probed_at timestamptz NOT NULL,
      alive boolean NOT NULL,
      detail text NOT NULL
    );
    COMMENT ON TABLE deployment_probes IS
      'The last look at each deployment that some gateway had left alone after failures; it asks for the list of models, which costs nothing.';
  `);
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  await knex.raw('DROP TABLE deployment_probes');
};
