import { resolvePackagePath } from '@backstage/backend-plugin-api';
import type { JsonObject } from '@backstage/types';
import type { Knex } from 'knex';
import { spawn, type ChildProcess } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { eventually } from './eventually';
import { makeSpoolDirectory, testConfig } from './startTestGateway';
import { TEST_PEPPER } from './TestControlPlane';

/** A gateway in a process of its own, started as an operator starts it. */
export interface SpawnedGateway {
  readonly url: string;
  readonly child: ChildProcess;
  readonly spoolDirectory: string;
  /** All that it has said so far, on both of its outputs. */
  output(): string;
  /** Resolves with its exit code, or the signal that ended it. */
  readonly exited: Promise<number | NodeJS.Signals | null>;
}

const START = { withinMs: 60_000 };
const children: ChildProcess[] = [];

// After the hooks within `describe`.
afterAll(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

/**
 * Starts the real process.
 *
 * @param options - `data`: more of the configuration, which counts before what tests have
 */
export async function spawnGateway(options: {
  readonly knex: Knex;
  readonly data?: JsonObject;
  readonly env?: Record<string, string>;
  readonly spoolDirectory?: string;
}): Promise<SpawnedGateway> {
  const started = await spawnOnly(options);
  const url = await eventually(() => {
    if (started.child.exitCode !== null) {
      throw new Error(`It exited:\n${started.output()}`);
    }
    return /"url":"(http[^"]+)"/.exec(started.output())?.[1];
  }, START);
  await eventually(
    async () => (await fetch(`${url}/readyz`)).status === 200,
    START,
  );
  return { ...started, url };
}

/** As {@link spawnGateway}, without waiting for anything: for one that is to refuse to start. */
export async function spawnOnly(options: {
  readonly knex: Knex;
  readonly data?: JsonObject;
  readonly env?: Record<string, string>;
  readonly spoolDirectory?: string;
}): Promise<Omit<SpawnedGateway, 'url'>> {
  const directory = await makeSpoolDirectory();
  const spoolDirectory = options.spoolDirectory ?? join(directory, 'spool');
  const files = [
    testConfig(options.knex, { spoolDirectory }),
    options.data ?? {},
  ].map((data, n) => ({ data, path: join(directory, `config-${n}.json`) }));
  for (const { data, path } of files) {
    await writeFile(path, JSON.stringify(data));
  }
  const child = spawn(
    process.execPath,
    [
      '--require',
      '@backstage/cli/config/nodeTransform.cjs',
      'src/main.ts',
      ...files.flatMap(({ path }) => ['--config', path]),
    ],
    {
      cwd: resolvePackagePath('@ai-gateway/gateway'),
      env: { ...process.env, TEST_PEPPER, ...options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  children.push(child);
  let output = '';
  const add = (chunk: Buffer) => {
    output += chunk.toString();
  };
  child.stdout.on('data', add);
  child.stderr.on('data', add);
  return {
    child,
    spoolDirectory,
    output: () => output,
    exited: new Promise(resolve => {
      child.once('exit', (code, signal) => resolve(code ?? signal));
    }),
  };
}
