// @ts-check
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { findPort } from './ports.mjs';
import { preparePostgres, waitForPostgres } from './postgres.mjs';
import { Processes } from './processes.mjs';
import { acquireStackLock } from './stackLock.mjs';
import { Refusal, say } from './terminal.mjs';

/**
 * A PostgreSQL server for one run of tests, in the system's directory for
 * temporary files, gone with the run.
 */

const prefix = 'ai-gateway-test-postgres-';

/** Below this age a directory may be one whose lock is about to be taken. */
const settledMs = 60_000;

/**
 * What a server for tests does without: it may lose everything in a power cut.
 * Many connections, since every test file has databases with pools of its own.
 */
const testSettings = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  max_connections: 500,
  shared_buffers: '256MB',
};

/** Ends and deletes what runs that were killed have left behind. */
const clearAbandoned = async () => {
  for (const name of readdirSync(tmpdir())) {
    const dir = path.join(tmpdir(), name);
    try {
      const { mtimeMs, uid } = statSync(dir);
      if (
        name.startsWith(prefix) &&
        uid === process.getuid?.() &&
        Date.now() - mtimeMs > settledMs
      ) {
        await acquireStackLock(dir);
        rmSync(dir, { recursive: true, force: true });
      }
    } catch (error) {
      const { code } = /** @type {NodeJS.ErrnoException} */ (error);
      // In use by another run, or just deleted by one.
      if (!(error instanceof Refusal) && code !== 'ENOENT') {
        throw error;
      }
    }
  }
};

/**
 * @param {AbortSignal} signal ends the start
 * @returns {Promise<{
 *   connectionString: string,
 *   crashed: Promise<import('./processes.mjs').Crash>,
 *   stop: () => Promise<void>,
 * }>}
 */
export const startTestPostgres = async signal => {
  await clearAbandoned();
  const dir = mkdtempSync(path.join(tmpdir(), prefix));
  // Under root the server runs as another user, who has to get through here.
  chmodSync(dir, 0o755);
  const lock = await acquireStackLock(dir);
  const processes = new Processes({
    output: (name, line) => {
      // Tests provoke errors on purpose; only what ends the server is news.
      if (/\b(FATAL|PANIC):/.test(line)) say(`${name}: ${line}`);
    },
    onSpawn: lock.record,
  });
  process.once('exit', () => processes.kill());
  const stop = async () => {
    await processes.stop();
    rmSync(dir, { recursive: true, force: true });
  };
  try {
    const { server, spec } = await preparePostgres({
      dataDir: path.join(dir, 'data'),
      port: await findPort(25_432 + (process.pid % 1000)),
      password: randomBytes(18).toString('base64url'),
      settings: testSettings,
    });
    // Nothing in it is worth waiting for: end at once, without a checkpoint.
    processes.start({ ...spec, stopSignal: 'SIGQUIT' });
    await waitForPostgres(server, { deadlineMs: 60_000, signal });
    const { user, password, host, port } = server;
    return {
      connectionString: `postgresql://${user}:${password}@${host}:${port}/postgres`,
      crashed: processes.crashed,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
};
