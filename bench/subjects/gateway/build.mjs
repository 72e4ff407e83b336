// @ts-check
import { cpSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { runOrUnavailable } from '../../lib/commands.mjs';
import { npmCommand } from '../../../scripts/lib/node.mjs';
import { inRoot } from '../../../scripts/lib/paths.mjs';

const rootFiles = [
  'package.json',
  'yarn.lock',
  '.yarnrc.yml',
  'backstage.json',
  'app-config.yaml',
];

/**
 * Builds the gateway and installs it the way `docs/guides/operators.md` tells: what is measured is what is deployed.
 *
 * @param {string} home where to
 */
export const deployGateway = home => {
  const dist = inRoot('packages', 'gateway', 'dist');
  const cli = inRoot('node_modules', '@backstage', 'cli', 'bin');
  runOrUnavailable(
    [process.execPath, inRoot('node_modules/typescript/bin/tsc')],
    {
      cwd: inRoot(),
      shown: 'tsc',
    },
  );
  runOrUnavailable(
    [process.execPath, path.join(cli, 'backstage-cli'), 'package', 'build'],
    {
      cwd: inRoot('packages', 'gateway'),
      shown: 'yarn workspace @ai-gateway/gateway build',
    },
  );
  mkdirSync(home, { recursive: true });
  // The code of an earlier build; its dependencies may stay.
  for (const old of ['packages', 'plugins']) {
    rmSync(path.join(home, old), { recursive: true, force: true });
  }
  const unpack = (/** @type {string} */ name) =>
    runOrUnavailable(['tar', 'xzf', path.join(dist, name)], { cwd: home });
  unpack('skeleton.tar.gz');
  for (const file of rootFiles) cpSync(inRoot(file), path.join(home, file));
  const { packageManager } = JSON.parse(
    readFileSync(inRoot('package.json'), 'utf8'),
  );
  const npm = npmCommand();
  runOrUnavailable(
    [
      npm.command,
      ...npm.args,
      'exec',
      '--yes',
      `--package=@yarnpkg/cli-dist@${packageManager.split('@')[1]}`,
      '--',
      'yarn',
      'workspaces',
      'focus',
      '--all',
      '--production',
    ],
    {
      cwd: home,
      env: { ...process.env, NODE_NO_WARNINGS: '1' },
      shown: 'yarn workspaces focus --all --production',
    },
  );
  unpack('bundle.tar.gz');
};
