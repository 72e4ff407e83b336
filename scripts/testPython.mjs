#!/usr/bin/env node
// @ts-check
/**
 * `npm run test:python`: the Python SDKs of OpenAI and Anthropic against the gateway, in a virtual environment below `.data/`.
 *
 * Where there is no Python with `venv` and `pip`, it says so and ends well: Python is nobody's duty here.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { inRoot } from './lib/paths.mjs';

const directory = inRoot('.data', 'python');
const python = path.join(directory, 'bin', 'python');
const requirements = inRoot(
  'packages',
  'gateway',
  'clients',
  'python',
  'requirements.txt',
);

/**
 * @param {string} command
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} [env]
 */
const run = (command, args, env) =>
  spawnSync(command, args, {
    cwd: inRoot(),
    stdio: 'inherit',
    env: { ...process.env, ...env },
  }).status ?? 1;

const isThere =
  existsSync(python) || run('python3', ['-m', 'venv', directory]) === 0;
if (!isThere) {
  console.log('Skipped: there is no python3 with venv here.');
  process.exit(0);
}
const installed = run(python, [
  '-m',
  'pip',
  'install',
  '--quiet',
  '--disable-pip-version-check',
  '--requirement',
  requirements,
]);
if (installed !== 0) {
  console.error('The Python SDKs could not be installed.');
  process.exit(1);
}
process.exit(
  run(
    process.execPath,
    [inRoot('scripts', 'test.mjs'), 'packages/gateway/src/clients/python'],
    {
      AI_GATEWAY_TEST_PYTHON: python,
      // The report of `npm test` stays.
      AI_GATEWAY_TEST_REPORT: 'python.json',
    },
  ),
);
