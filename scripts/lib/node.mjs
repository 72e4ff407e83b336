// @ts-check
import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import path from 'node:path';
import { onAbandoned } from './parent.mjs';
import { inRoot } from './paths.mjs';
import { Refusal, dim, say } from './terminal.mjs';

/** The majors that Backstage supports; the last one is what we fetch. */
export const supportedMajors = [22, 24];

/** Set in a process that was started again under a fetched Node. */
const guardVariable = 'AI_GATEWAY_NODE_CHOSEN';

/** @param {string} version such as `24.1.0` */
export const isSupportedNode = version =>
  supportedMajors.includes(Number(version.split('.')[0]));

/** npm by way of the Node at hand, whatever the PATH holds. */
export const npmCommand = () => {
  const fromNpm = process.env.npm_execpath;
  if (fromNpm && /npm-cli\.c?js$/.test(fromNpm) && existsSync(fromNpm)) {
    return { command: process.execPath, args: [fromNpm] };
  }
  return { command: 'npm', args: [] };
};

/** Asks npm for a Node of the newest supported major and says where it is. */
const fetchNode = () => {
  const major = supportedMajors[supportedMajors.length - 1];
  const npm = npmCommand();
  const asked = spawnSync(
    npm.command,
    [
      ...npm.args,
      'exec',
      '--yes',
      '--loglevel=error',
      `--package=node@${major}`,
      '--',
      'node',
      '-p',
      'process.execPath',
    ],
    { cwd: inRoot(), encoding: 'utf8', maxBuffer: 1 << 26 },
  );
  const found = (asked.stdout ?? '').trim().split('\n').pop() ?? '';
  if (asked.status !== 0 || !existsSync(found)) {
    throw new Refusal(
      `Node ${supportedMajors.join(' or ')} is needed, this is ${
        process.version
      }, and npm could not fetch one.`,
      [
        ...(asked.stderr ?? asked.error?.message ?? '')
          .trim()
          .split('\n')
          .slice(-15),
        '',
        `Install Node ${major} from https://nodejs.org, or see why this fails: npx --yes node@${major} --version`,
      ],
    );
  }
  return found;
};

/**
 * Returns only under a supported Node. Under any other it fetches one through
 * npm, runs the same script with the same arguments there, hands signals on,
 * and ends with that run's exit code.
 *
 * @returns {Promise<void>}
 */
export const ensureSupportedNode = async () => {
  if (isSupportedNode(process.versions.node)) {
    // What is started from here on by the name of `node` shall be this one.
    process.env.PATH = [path.dirname(process.execPath), process.env.PATH]
      .filter(Boolean)
      .join(path.delimiter);
    return;
  }
  if (process.env[guardVariable]) {
    throw new Refusal(
      `Started again under the Node that npm fetched, yet this is ${process.version}.`,
      [`Install Node ${supportedMajors.join(' or ')} by hand.`],
    );
  }
  say(
    dim(
      `Node ${process.version} is at hand, ${supportedMajors.join(
        ' or ',
      )} is needed: using one from npm.`,
    ),
  );
  const child = spawn(fetchNode(), process.argv.slice(1), {
    stdio: 'inherit',
    env: { ...process.env, [guardVariable]: '1' },
  });
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
    process.on(signal, () => child.kill(signal));
  }
  onAbandoned(() => child.kill('SIGTERM'));
  const code = await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (exitCode, signal) =>
      resolve(exitCode ?? 128 + (signal ? constants.signals[signal] : 0)),
    );
  });
  process.exit(code);
};
