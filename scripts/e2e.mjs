#!/usr/bin/env node
// @ts-check
/**
 * `npm run test:e2e`: the end-to-end tests, in a real browser, against a stack
 * of their own: fresh data, its own ports.
 *
 * Arguments go to Playwright: `npm run test:e2e -- --grep keys`.
 */
import { spawnSync } from 'node:child_process';
import {
  createWriteStream,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { inRoot, reportsDir } from './lib/paths.mjs';
import { prepare } from './lib/prepare.mjs';
import { Refusal, dim, red, say, sayFailure } from './lib/terminal.mjs';

/** Where to begin to look for ports, apart from those of `npm start`. */
const firstPorts = {
  portal: 33_000,
  backend: 37_007,
  gateway: 34_000,
  simulator: 34_010,
  postgres: 35_432,
};

/** @returns {string} */
const findChromium = () => {
  const onPath = spawnSync(
    'sh',
    [
      '-c',
      'command -v chromium || command -v chromium-browser || command -v google-chrome',
    ],
    { encoding: 'utf8' },
  ).stdout.trim();
  const found = [process.env.CHROMIUM_PATH, onPath, '/usr/bin/chromium'].find(
    candidate => candidate && existsSync(candidate),
  );
  if (!found) {
    throw new Refusal('There is no Chromium on this machine.', [
      'Install it (apt-get install chromium), or say where one is: CHROMIUM_PATH=/path/to/chrome',
    ]);
  }
  return found;
};

/** @param {string} chromium @param {import('./lib/stack.mjs').Stack} stack */
const testEnvironment = (chromium, stack) => ({
  ...process.env,
  CHROMIUM_PATH: chromium,
  PORTAL_URL: stack.urls.portal,
  BACKEND_URL: stack.urls.backend,
  GATEWAY_URL: stack.urls.gateway,
  SIMULATOR_URL: stack.urls.simulator,
  DEMO_API_KEY: stack.demoKey.secret,
  DEMO_MODEL: stack.demoModelId,
  PLAYWRIGHT_JSON_OUTPUT_NAME: path.join(reportsDir, 'e2e.json'),
});

const main = async () => {
  await prepare();
  const chromium = findChromium();
  const { runForeground } = await import('./lib/processes.mjs');
  const { prefixedLog } = await import('./lib/prefixedLog.mjs');
  const { onShutdownSignal } = await import('./lib/shutdown.mjs');
  const { startStack } = await import('./lib/stack.mjs');

  mkdirSync(reportsDir, { recursive: true });
  const logFile = path.join(reportsDir, 'e2e-stack.log');
  const log = createWriteStream(logFile);
  const signal = onShutdownSignal({
    onFirst: () => say(dim('\nEnding the tests.')),
    onInsisted: () => process.exit(130),
  });
  const dataDir = mkdtempSync(path.join(tmpdir(), 'ai-gateway-e2e-'));
  try {
    say(
      `Starting the stack; its log: ${path.relative(process.cwd(), logFile)}`,
    );
    const stack = await startStack({
      dataDir,
      preferredPorts: firstPorts,
      // Nothing of this machine's own settings: a database, a provider.
      configFiles: [inRoot('app-config.yaml')],
      env: { ...withoutDatabase(process.env), CI: '1' },
      withOpenAi: false,
      output: prefixedLog(line => log.write(`${line}\n`)),
      onProgress: event => say(dim(`  ${event}`)),
      signal,
    });
    stack.crashed.then(({ name, how }) =>
      say(red(`${name} crashed during the tests (${how}).`)),
    );
    try {
      return await runForeground(
        {
          command: process.execPath,
          args: [
            inRoot('node_modules', '@playwright', 'test', 'cli.js'),
            'test',
            '--reporter=list,json',
            ...process.argv.slice(2),
          ],
        },
        { cwd: inRoot(), env: testEnvironment(chromium, stack), signal },
      );
    } finally {
      await stack.stop();
    }
  } finally {
    log.end();
    rmSync(dataDir, { recursive: true, force: true });
  }
};

/** @param {NodeJS.ProcessEnv} env */
const withoutDatabase = env =>
  Object.fromEntries(
    Object.entries(env).filter(([name]) => !name.startsWith('PG')),
  );

main().then(
  code => process.exit(code),
  error => {
    sayFailure(error);
    process.exit(1);
  },
);
