// @ts-check
import { accessSync, constants, mkdirSync } from 'node:fs';
import { createConnection } from 'node:net';
import path from 'node:path';
import { findPort } from './ports.mjs';
import { waitFor } from './waitFor.mjs';

/**
 * A Redis for the gateway to count limits in, where the machine has one.
 *
 * @typedef {object} RedisChoice
 * @property {string | undefined} url none: the gateway counts for itself
 * @property {string} description
 * @property {import('./processes.mjs').ProcessSpec | undefined} spec what is
 *   to be started for it
 */

/** Where to begin to look for a port: not where a Redis of the machine's own is. */
const firstPort = 16_379;
const host = '127.0.0.1';

/**
 * @param {NodeJS.ProcessEnv} env
 * @returns {string | undefined} where `redis-server` is
 */
export const findRedisServer = env => {
  for (const folder of (env.PATH ?? '').split(path.delimiter)) {
    const file = path.join(folder, 'redis-server');
    try {
      accessSync(file, constants.X_OK);
      return file;
    } catch {
      // Not there.
    }
  }
  return undefined;
};

/**
 * One that is named by AI_GATEWAY_REDIS_URL, or one of this stack's own where
 * `redis-server` is found, or none.
 *
 * @param {object} options
 * @param {NodeJS.ProcessEnv} options.env
 * @param {string} options.dataDir what it keeps is below this
 * @returns {Promise<RedisChoice>}
 */
export const chooseRedis = async ({ env, dataDir }) => {
  if (env.AI_GATEWAY_REDIS_URL) {
    return {
      url: env.AI_GATEWAY_REDIS_URL,
      description: 'an existing server, by AI_GATEWAY_REDIS_URL',
      spec: undefined,
    };
  }
  const command = findRedisServer(env);
  if (!command) {
    return {
      url: undefined,
      description:
        'no redis-server on this machine: the gateway counts limits in its own process',
      spec: undefined,
    };
  }
  const port = await findPort(firstPort);
  const directory = path.join(dataDir, 'redis');
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  return {
    url: `redis://${host}:${port}`,
    description: `port ${port}, data in ${path.relative(process.cwd(), directory)}`,
    spec: {
      name: 'redis',
      command,
      args: [
        ...['--port', String(port), '--bind', host],
        ...['--dir', directory, '--appendonly', 'yes', '--save', ''],
        ...['--loglevel', 'warning'],
      ],
      cwd: directory,
      env: { PATH: env.PATH },
      last: true,
    },
  };
};

/**
 * @param {string} url
 * @param {{ deadlineMs: number, signal: AbortSignal }} wait
 */
export const waitForRedis = (url, wait) => {
  const { hostname, port } = new URL(url);
  return waitFor('Redis', () => connects(hostname, Number(port || 6379)), wait);
};

/**
 * @param {string} hostname
 * @param {number} port
 * @returns {Promise<true>}
 */
const connects = (hostname, port) =>
  new Promise((resolve, reject) => {
    const socket = createConnection(port, hostname);
    socket.once('error', reject);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
  });
