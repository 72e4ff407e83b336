// @ts-check
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { runOrUnavailable } from '../../lib/commands.mjs';
import { pinning } from '../../lib/machine.mjs';
import { findPort } from '../../../scripts/lib/ports.mjs';
import {
  preparePostgres,
  waitForPostgres,
} from '../../../scripts/lib/postgres.mjs';
import { waitFor } from '../../../scripts/lib/waitFor.mjs';
import { connect } from 'node:net';

/**
 * PostgreSQL and Redis, as durable as they are by default; both on the core of all that is not measured.
 *
 * @param {import('../subject.mjs').Bench} bench
 */
export const startServices = async bench => {
  const postgresPort = await findPort(21_600);
  const dataDir = path.join(bench.directory, 'postgres', 'data');
  mkdirSync(path.dirname(dataDir), { recursive: true });
  // Under root the server runs as another user, who has to get through here.
  chmodSync(bench.directory, 0o755);
  const { server, spec } = await preparePostgres({
    dataDir,
    port: postgresPort,
    password: randomBytes(18).toString('base64url'),
  });
  const postgres = bench.processes.start(
    'postgres',
    [...pinning('rest', bench.pinned), spec.command, ...spec.args],
    {
      cwd: spec.cwd,
      env: spec.env,
      uid: spec.uid,
      gid: spec.gid,
      stopSignal: spec.stopSignal,
    },
  );
  await waitForPostgres(server, { deadlineMs: 60_000, signal: bench.signal });

  runOrUnavailable(['redis-server', '--version'], {
    shown: 'apt-get install redis-server',
  });
  const redisPort = await findPort(21_700);
  const redis = bench.processes.start('redis', [
    ...pinning('rest', bench.pinned),
    'redis-server',
    '--port',
    String(redisPort),
    '--bind',
    '127.0.0.1',
    '--save',
    '',
    '--appendonly',
    'no',
  ]);
  await waitFor('Redis', () => canConnect(redisPort), {
    deadlineMs: 10_000,
    signal: bench.signal,
  });
  return {
    postgres: { ...server, pid: postgres.pid },
    redis: { url: `redis://127.0.0.1:${redisPort}`, pid: redis.pid },
  };
};

/** @param {number} port @returns {Promise<true | undefined>} */
const canConnect = port =>
  new Promise(resolve => {
    const socket = connect({ host: '127.0.0.1', port });
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(undefined));
  });
