// @ts-check
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { runOrUnavailable } from '../lib/commands.mjs';
import { pinning } from '../lib/machine.mjs';
import { findPort } from '../../scripts/lib/ports.mjs';
import { ready } from './subject.mjs';

const goPackage = 'github.com/maximhq/bifrost/transports/bifrost-http@latest';

/** @param {string} upstream */
const configuration = upstream =>
  JSON.stringify({
    client: { drop_excess_requests: false, enable_logging: false },
    providers: {
      openai: {
        keys: [{ name: 'bench', value: 'bench', models: ['*'], weight: 1 }],
        network_config: { base_url: upstream },
      },
    },
    config_store: { enabled: false },
    logs_store: { enabled: false },
  });

/** @type {import('./subject.mjs').Subject} */
export const bifrost = {
  name: 'bifrost',
  title: 'Bifrost',
  start: async bench => {
    const home = path.join(bench.peersDirectory, 'bifrost');
    const program = path.join(home, 'bifrost-http');
    mkdirSync(home, { recursive: true });
    if (!existsSync(program)) {
      runOrUnavailable(['go', 'install', goPackage], {
        env: { ...process.env, GOBIN: home },
      });
    }
    const version =
      /\tmod\t\S+\t(\S+)/.exec(
        runOrUnavailable(['go', 'version', '-m', program]),
      )?.[1] ?? null;
    const port = await findPort(21_500);
    const directory = path.join(bench.directory, 'bifrost');
    mkdirSync(directory, { recursive: true });
    writeFileSync(
      path.join(directory, 'config.json'),
      configuration(bench.upstream),
    );
    const started = bench.processes.start('bifrost', [
      ...pinning('subject', bench.pinned),
      program,
      '-host',
      '127.0.0.1',
      '-port',
      String(port),
      '-app-dir',
      directory,
      '-log-level',
      'error',
    ]);
    return ready(
      {
        version,
        settings:
          'file configuration, stores off: no virtual keys, no limits, no budgets, no metering, no logs kept',
        url: `http://127.0.0.1:${port}/v1/chat/completions`,
        model: 'openai/bench',
        headers: {},
        roots: () => [started.pid],
        helpers: () => ({}),
      },
      started,
      `bifrost-http -port ${port}`,
    );
  },
};
