// @ts-check
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { runOrUnavailable } from '../lib/commands.mjs';
import { pinning } from '../lib/machine.mjs';
import { findPort } from '../../scripts/lib/ports.mjs';
import { ready } from './subject.mjs';

const requirement = 'litellm[proxy]';
const masterKey = 'sk-bench-master';

/** @param {string} upstream JSON is YAML too */
const configuration = upstream =>
  JSON.stringify({
    model_list: [
      {
        model_name: 'bench',
        litellm_params: {
          model: 'openai/bench',
          api_base: `${upstream}/v1`,
          api_key: 'bench',
        },
      },
    ],
    general_settings: { master_key: masterKey },
    litellm_settings: { telemetry: false, request_timeout: 120 },
  });

/** @type {import('./subject.mjs').Subject} */
export const litellm = {
  name: 'litellm',
  title: 'LiteLLM',
  start: async bench => {
    const home = path.join(bench.peersDirectory, 'litellm');
    const program = path.join(home, 'bin', 'litellm');
    if (!existsSync(program)) {
      runOrUnavailable(['python3', '-m', 'venv', home], {
        shown: 'python3 -m venv',
      });
      runOrUnavailable(
        [path.join(home, 'bin', 'pip'), 'install', requirement],
        { shown: `pip install '${requirement}'` },
      );
    }
    const version = runOrUnavailable([
      path.join(home, 'bin', 'python'),
      '-c',
      'from importlib.metadata import version; print(version("litellm"))',
    ]).trim();
    const port = await findPort(21_400);
    const directory = path.join(bench.directory, 'litellm');
    mkdirSync(directory, { recursive: true });
    const file = path.join(directory, 'config.yaml');
    writeFileSync(file, configuration(bench.upstream));
    const started = bench.processes.start(
      'litellm',
      [
        ...pinning('subject', bench.pinned),
        program,
        '--config',
        file,
        '--host',
        '127.0.0.1',
        '--port',
        String(port),
        '--num_workers',
        '1',
      ],
      {
        cwd: directory,
        env: {
          ...process.env,
          LITELLM_MODE: 'PRODUCTION',
          LITELLM_LOG: 'ERROR',
          LITELLM_LOCAL_MODEL_COST_MAP: 'True',
          NO_DOCS: 'True',
        },
      },
    );
    return ready(
      {
        version,
        settings:
          'one worker, a master key; no database, so no virtual keys, no limits, no budgets, no metering, no logs kept',
        url: `http://127.0.0.1:${port}/v1/chat/completions`,
        model: 'bench',
        headers: { authorization: `Bearer ${masterKey}` },
        roots: () => [started.pid],
        helpers: () => ({}),
      },
      started,
      'litellm --config config.yaml --num_workers 1',
    );
  },
};
