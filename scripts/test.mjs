#!/usr/bin/env node
// @ts-check
/**
 * `npm test`: unit and integration tests of every package, against a
 * PostgreSQL that is started for them.
 *
 * Arguments go to Jest: `npm test -- plugins/ai-gateway-node`,
 * `npm test -- --testPathPatterns ledger`.
 */
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { inRoot, reportsDir } from './lib/paths.mjs';
import { prepare } from './lib/prepare.mjs';
import { dim, red, say, sayFailure } from './lib/terminal.mjs';

const connectionVariable =
  'BACKSTAGE_TEST_DATABASE_POSTGRES18_CONNECTION_STRING';

/**
 * @param {string[]} args of Jest
 * @returns {import('./lib/processes.mjs').ForegroundCommand}
 */
const jestCommand = args => ({
  command: process.execPath,
  args: [
    inRoot('node_modules', '@backstage', 'cli', 'bin', 'backstage-cli'),
    'repo',
    'test',
    '--json',
    `--outputFile=${path.join(reportsDir, process.env.AI_GATEWAY_TEST_REPORT ?? 'jest.json')}`,
    ...args,
  ],
});

/** The tests of these scripts: they run before there is a Jest. */
const scriptTestsCommand = () => ({
  command: process.execPath,
  args: [
    '--test',
    '--test-reporter=spec',
    '--test-reporter-destination=stdout',
    '--test-reporter=junit',
    `--test-reporter-destination=${path.join(reportsDir, 'scripts.xml')}`,
    'scripts/**/*.test.mjs',
  ],
});

const main = async () => {
  await prepare();
  const { onShutdownSignal } = await import('./lib/shutdown.mjs');
  const { runForeground } = await import('./lib/processes.mjs');
  const { startTestPostgres } = await import('./lib/testPostgres.mjs');
  const { findRedisServer } = await import('./lib/redis.mjs');

  const jestArgs = process.argv.slice(2);
  mkdirSync(reportsDir, { recursive: true });
  const signal = onShutdownSignal({
    onFirst: () => say(dim('\nEnding the tests.')),
    onInsisted: () => process.exit(130),
  });
  // In CI nothing is skipped for want of it: there the tests fail.
  const withoutRedis = !process.env.CI && !findRedisServer(process.env);
  if (withoutRedis) {
    say(
      'There is no redis-server on this machine: the tests that need one are skipped.',
    );
  }
  const postgres = await startTestPostgres(signal);
  postgres.crashed.then(({ how }) =>
    say(red(`PostgreSQL ended during the tests (${how}).`)),
  );
  try {
    const options = {
      cwd: inRoot(),
      signal,
      env: {
        ...process.env,
        CI: '1', // without it, the CLI watches for changes and never ends
        [connectionVariable]: postgres.connectionString,
        ...(withoutRedis && { AI_GATEWAY_TEST_WITHOUT_REDIS: '1' }),
      },
    };
    const codes = [];
    if (jestArgs.length === 0) {
      codes.push(await runForeground(scriptTestsCommand(), options));
    }
    if (!signal.aborted) {
      codes.push(await runForeground(jestCommand(jestArgs), options));
    }
    return signal.aborted ? 130 : Math.max(...codes);
  } finally {
    await postgres.stop();
  }
};

main().then(
  code => process.exit(code),
  error => {
    sayFailure(error);
    process.exit(1);
  },
);
