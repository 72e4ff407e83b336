// @ts-check

/**
 * Ways to what owners and business units spent by day: windows of budgets are whole days.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.raw(`
    CREATE INDEX usage_daily_by_owner ON usage_daily (owner_ref, day) WHERE owner_ref IS NOT NULL;
    CREATE INDEX usage_daily_by_unit ON usage_daily (business_unit, day);
  `);
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  await knex.raw('DROP INDEX usage_daily_by_unit, usage_daily_by_owner');
};
