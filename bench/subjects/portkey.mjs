// @ts-check
import {
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { runOrUnavailable } from '../lib/commands.mjs';
import { pinning } from '../lib/machine.mjs';
import { npmCommand } from '../../scripts/lib/node.mjs';
import { findPort } from '../../scripts/lib/ports.mjs';
import { ready } from './subject.mjs';

const packageName = '@portkey-ai/gateway';

/**
 * With the newest version that it allows of this dependency, each of its streams fails (`TypeError: immutable`); with the oldest that it allows, which
 * this is, none does.
 */
const overrides = { '@hono/node-server': '1.3.3' };

/** What is installed, and how: once more when that changes. */
const manifest = JSON.stringify({ private: true, overrides });

/** @type {import('./subject.mjs').Subject} */
export const portkey = {
  name: 'portkey',
  title: 'Portkey',
  start: async bench => {
    const home = path.join(bench.peersDirectory, 'portkey');
    const installed = path.join(home, 'node_modules', packageName);
    const made = path.join(home, 'manifest.json');
    if (!existsSync(made) || readFileSync(made, 'utf8') !== manifest) {
      rmSync(home, { recursive: true, force: true });
      mkdirSync(home, { recursive: true });
      writeFileSync(path.join(home, 'package.json'), manifest);
      const npm = npmCommand();
      runOrUnavailable(
        [npm.command, ...npm.args, 'install', '--no-audit', packageName],
        { cwd: home, shown: `npm install ${packageName}` },
      );
      writeFileSync(made, manifest);
    }
    const { version } = JSON.parse(
      readFileSync(path.join(installed, 'package.json'), 'utf8'),
    );
    const port = await findPort(21_300);
    const started = bench.processes.start(
      'portkey',
      [
        ...pinning('subject', bench.pinned),
        process.execPath,
        '--require',
        fileURLToPath(new URL('./loopbackOnly.cjs', import.meta.url)),
        path.join(installed, 'build', 'start-server.js'),
        `--port=${port}`,
        '--headless',
      ],
      { cwd: home, env: { ...process.env, NODE_ENV: 'production' } },
    );
    return ready(
      {
        version,
        settings:
          'with the oldest @hono/node-server that it allows, as its streams fail with the newest; pass-through by headers: no keys of its own, no limits, no budgets, no metering, no logs kept',
        url: `http://127.0.0.1:${port}/v1/chat/completions`,
        model: 'bench',
        headers: {
          authorization: 'Bearer bench',
          'x-portkey-provider': 'openai',
          'x-portkey-custom-host': `${bench.upstream}/v1`,
        },
        roots: () => [started.pid],
        helpers: () => ({}),
      },
      started,
      `node start-server.js --port=${port} --headless`,
    );
  },
};
