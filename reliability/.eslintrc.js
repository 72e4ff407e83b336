module.exports = require('@backstage/cli/config/eslint-factory')(__dirname, {
  overrides: [
    {
      // The one way to the PostgreSQL that the other commands of this repository run, which belongs to no package.
      files: ['src/rig/Postgres.ts'],
      rules: { '@backstage/no-relative-monorepo-imports': 'off' },
    },
  ],
});
