const builtins = require('node:module').builtinModules;

// What decides takes values and returns values: no sockets, no clocks, no files.
const pureBuiltins = ['buffer', 'zlib'];
const impure = builtins
  .filter(name => !name.startsWith('_') && !pureBuiltins.includes(name))
  .flatMap(name => [name, `node:${name}`])
  .map(name => ({ name, message: 'This folder is pure: no I/O, no clocks.' }));
const pureRules = {
  'no-restricted-imports': [
    'error',
    {
      paths: [
        ...impure,
        ...['undici', 'pg', 'knex', 'express', 'pino'].map(name => ({
          name,
          message: 'This folder is pure: no I/O, no clocks.',
        })),
      ],
      patterns: [
        {
          group: [
            '**/http/**',
            '**/metering/**',
            '!**/metering/estimate',
            '**/upstream/Upstream*',
            '**/snapshot/**',
            '**/keys/**',
            '**/pipeline/**',
            '**/telemetry/**',
          ],
          message: 'Codecs and providers know nothing of those who use them.',
        },
      ],
    },
  ],
  'no-restricted-globals': [
    'error',
    ...['setTimeout', 'setInterval', 'performance', 'fetch', 'process'].map(
      name => ({ name, message: 'This folder is pure: no I/O, no clocks.' }),
    ),
  ],
};

module.exports = require('@backstage/cli/config/eslint-factory')(__dirname, {
  settings: {
    'import/parsers': { '@typescript-eslint/parser': ['.ts'] },
    'import/resolver': { node: { extensions: ['.ts', '.js', '.json'] } },
  },
  rules: { 'import/no-cycle': 'error' },
  testRules: {
    'jest/expect-expect': [
      'warn',
      // Both throw when what they look for does not come.
      { assertFunctionNames: ['expect', 'eventually', 'fc.assert'] },
    ],
  },
  overrides: [
    {
      files: [
        'src/wire/**',
        'src/dialects/**',
        'src/endpoints/**',
        'src/providers/**',
        'src/errors/**',
      ],
      excludedFiles: ['**/*.test.ts'],
      rules: pureRules,
    },
    {
      // Pure as well, though they read what a snapshot or a key is.
      files: [
        'src/metering/{estimate,usageEvent,eventCodec}.ts',
        'src/metering/spool/record.ts',
        'src/snapshot/compileSnapshot.ts',
        'src/upstream/chooseDeployment.ts',
      ],
      rules: {
        'no-restricted-imports': ['error', { paths: impure }],
        'no-restricted-globals': pureRules['no-restricted-globals'],
      },
    },
  ],
});
