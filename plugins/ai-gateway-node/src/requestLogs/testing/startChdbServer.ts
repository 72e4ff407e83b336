import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** A running ClickHouse engine. */
export interface ChdbServer {
  readonly url: string;
  /** For tests that freeze or kill it. */
  readonly pid: number;
  stop(): Promise<void>;
}

/**
 * Starts ClickHouse's engine in a process of its own, listening on 127.0.0.1.
 *
 * @param options - `port`: default any; `path`: where it keeps its data, to be found again by the next start, default nowhere;
 *   `password`: what the user `default` must give, default none
 */
export async function startChdbServer(
  options: { port?: number; path?: string; password?: string } = {},
): Promise<ChdbServer> {
  const child = spawn(
    process.execPath,
    [
      '-r',
      require.resolve('@backstage/cli/config/nodeTransform.cjs'),
      require.resolve('./chdbServer'),
    ],
    {
      // Not NODE_OPTIONS and the like of a test runner.
      env: {
        PATH: process.env.PATH,
        TMPDIR: process.env.TMPDIR,
        CHDB_PORT: String(options.port ?? 0),
        CHDB_PATH: options.path ?? '',
        CHDB_PASSWORD: options.password ?? '',
      },
      stdio: ['pipe', 'pipe', 'inherit'],
    },
  );
  const exited = once(child, 'exit');
  const lines = createInterface({ input: child.stdout });
  const [url] = await Promise.race([
    once(lines, 'line'),
    exited.then(([code, signal]) => {
      throw new Error(`chdb ended before it listened (${code ?? signal})`);
    }),
  ]);
  if (child.pid === undefined) throw new Error('chdb has no process id');
  return {
    url: String(url),
    pid: child.pid,
    async stop() {
      child.kill('SIGCONT');
      child.kill('SIGTERM');
      await exited;
    },
  };
}
