// @ts-check
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { runOrUnavailable } from '../lib/commands.mjs';
import { pinning } from '../lib/machine.mjs';
import { npmCommand } from '../../scripts/lib/node.mjs';
import { findPort } from '../../scripts/lib/ports.mjs';
import { ready } from './subject.mjs';

const packageName = '@portkey-ai/gateway';

/** @type {import('./subject.mjs').Subject} */
export const portkey = {
  name: 'portkey',
  title: 'Portkey',
  start: async bench => {
    const home = path.join(bench.peersDirectory, 'portkey');
    const installed = path.join(home, 'node_modules', packageName);
    if (!existsSync(path.join(installed, 'package.json'))) {
      mkdirSync(home, { recursive: true });
      writeFileSync(path.join(home, 'package.json'), '{"private":true}');
      const npm = npmCommand();
      runOrUnavailable(
        [npm.command, ...npm.args, 'install', '--no-audit', packageName],
        { cwd: home, shown: `npm install ${packageName}` },
      );
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
          'as installed; pass-through by headers: no keys of its own, no limits, no budgets, no metering, no logs kept',
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
