#!/usr/bin/env node
// @ts-check
/**
 * `npm start`: the whole development stack on a machine with nothing but Node
 * and npm. See `--help`.
 */
import { existsSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { defaultDataDir, inRoot } from './lib/paths.mjs';
import { prepare } from './lib/prepare.mjs';
import {
  Refusal,
  bold,
  box,
  dim,
  say,
  sayFailure,
  useColour,
} from './lib/terminal.mjs';

const help = `
Starts the portal, the gateway, the provider simulator and PostgreSQL.

  npm start                 start, keeping the data of earlier starts
  npm start -- --reset      begin anew: deletes .data
  npm start -- --help       this text

Data, generated secrets and the demo key are in .data. The first start
installs the dependencies. Ctrl-C ends everything.

Settings, as environment variables:

  PORTAL_PORT, BACKEND_PORT, GATEWAY_PORT, SIMULATOR_PORT
      The ports to begin at: 3000, 7007, 4000, 4010. The next free one is
      taken when somebody else has it.
  PGHOST, PGPORT, PGUSER, PGPASSWORD
      Use this PostgreSQL server and start none. So does backend.database in
      app-config.local.yaml. The user must be allowed to create databases.
  AI_GATEWAY_REDIS_URL
      Count limits in this Redis. Otherwise one is started if redis-server is
      installed; without it the gateway counts in its own process.
  OPENAI_API_KEY
      The demo data then has OpenAI as a provider too, with some of its models.
`.trim();

const knownFlags = ['--help', '-h', '--reset'];

/** @param {string[]} args */
const parseFlags = args => {
  const unknown = args.find(arg => !knownFlags.includes(arg));
  if (unknown) {
    throw new Refusal(`There is no option ${unknown}.`, help.split('\n'));
  }
  return {
    help: args.includes('--help') || args.includes('-h'),
    reset: args.includes('--reset'),
  };
};

/**
 * Deletes what earlier starts kept, under the lock, so never what a running
 * stack uses.
 */
const reset = async () => {
  const { chooseDatabase } = await import('./lib/database.mjs');
  const { acquireStackLock } = await import('./lib/stackLock.mjs');
  const choice = await chooseDatabase(process.env, configFiles());
  if (choice.kind === 'existing') {
    throw new Refusal(
      `The database is an existing server (${choice.chosenBy}); --reset only deletes what npm start keeps itself.`,
      [
        'Drop the databases whose names begin with backstage_plugin_ there, then delete .data.',
      ],
    );
  }
  if (!existsSync(defaultDataDir)) {
    return;
  }
  const lock = await acquireStackLock(defaultDataDir);
  try {
    for (const entry of readdirSync(defaultDataDir)) {
      if (entry !== 'stack.json') {
        rmSync(path.join(defaultDataDir, entry), {
          recursive: true,
          force: true,
        });
      }
    }
  } catch (error) {
    throw new Refusal(
      `.data could not be deleted: ${/** @type {Error} */ (error).message}`,
      ['Was it made under root? Then delete it as root.'],
    );
  } finally {
    lock.release();
  }
  say('Deleted the data of earlier starts.');
};

/** What the portal and the gateway read, the later file over the earlier. */
const configFiles = () =>
  ['app-config.yaml', 'app-config.local.yaml']
    .map(name => inRoot(name))
    .filter(file => existsSync(file));

/** @param {import('./lib/stack.mjs').Stack} stack @param {string} took */
const readyText = (stack, took) =>
  [
    '',
    box(`Ready after ${took}`, [
      `Portal    ${bold(stack.urls.portal)}`,
      `Gateway   ${bold(`${stack.urls.gateway}/v1`)}`,
      `Database  ${stack.databaseDescription}`,
      `Redis     ${stack.redisDescription}`,
      '',
      'Sign in as one of the demo users, or try the gateway with the',
      'demo key of this machine:',
    ]),
    '',
    `curl ${stack.urls.gateway}/v1/chat/completions -H 'authorization: Bearer ${stack.demoKey.secret}' -H 'content-type: application/json' -d '{"model":"${stack.demoModelId}","messages":[{"role":"user","content":"Hello"}]}'`,
    '',
    dim('Ctrl-C ends everything.'),
    '',
  ].join('\n');

const main = async () => {
  const flags = parseFlags(process.argv.slice(2));
  if (flags.help) {
    say(help);
    return 0;
  }
  await prepare();
  if (flags.reset) {
    await reset();
  }
  const { preferredPorts } = await import('./lib/services.mjs');
  const { onShutdownSignal, Interrupted } = await import('./lib/shutdown.mjs');
  const { prefixedLog } = await import('./lib/prefixedLog.mjs');
  const { crashRefusal, startStack } = await import('./lib/stack.mjs');

  const began = Date.now();
  const elapsed = () => `${Math.round((Date.now() - began) / 1000)} s`;
  const signal = onShutdownSignal({
    onFirst: () => say(`\n${dim('Ending everything, PostgreSQL last.')}`),
    onInsisted: () => process.exit(130),
  });
  const stack = await startStack({
    dataDir: defaultDataDir,
    preferredPorts: portsWanted(preferredPorts, process.env),
    configFiles: configFiles(),
    env: { ...process.env, ...(useColour && { FORCE_COLOR: '1' }) },
    withOpenAi: Boolean(process.env.OPENAI_API_KEY),
    output: prefixedLog(say),
    onProgress: event => say(dim(`${elapsed().padStart(5)}  ${event}`)),
    signal,
  }).catch(error => {
    if (error instanceof Interrupted) {
      return undefined;
    }
    throw error;
  });
  if (!stack) {
    say(dim('Ended.'));
    return 0;
  }
  say(readyText(stack, elapsed()));

  const crash = await Promise.race([
    stack.crashed,
    new Promise(resolve => {
      signal.addEventListener('abort', () => resolve(undefined));
      if (signal.aborted) resolve(undefined);
    }),
  ]);
  if (crash) {
    const refusal = crashRefusal(crash);
    sayFailure(refusal);
    await stack.stop();
    say(`\nEnded, because ${crash.name} crashed (${crash.how}).`);
    return 1;
  }
  await stack.stop();
  say(dim('Ended.'));
  return 0;
};

/**
 * @param {import('./lib/services.mjs').StackPorts} defaults
 * @param {NodeJS.ProcessEnv} env
 * @returns {import('./lib/services.mjs').StackPorts}
 */
const portsWanted = (defaults, env) => ({
  ...defaults,
  portal: Number(env.PORTAL_PORT || defaults.portal),
  backend: Number(env.BACKEND_PORT || defaults.backend),
  gateway: Number(env.GATEWAY_PORT || defaults.gateway),
  simulator: Number(env.SIMULATOR_PORT || defaults.simulator),
});

main().then(
  code => process.exit(code),
  error => {
    sayFailure(error);
    process.exit(1);
  },
);
