// @ts-check
import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import pg from 'pg';
import { pinning } from '../../lib/machine.mjs';
import { findPort } from '../../../scripts/lib/ports.mjs';
import { inRoot } from '../../../scripts/lib/paths.mjs';
import { ready } from '../subject.mjs';
import { deployGateway } from './build.mjs';
import { benchModel, seedDatabase } from './seed.mjs';
import { startServices } from './services.mjs';

/** @type {Promise<{ home: string, services: Awaited<ReturnType<typeof startServices>> }> | undefined} */
let shared;

/**
 * What both gateways have in common is made once: the build, PostgreSQL and Redis.
 *
 * @param {import('../subject.mjs').Bench} bench
 */
const shareOf = bench => {
  shared ??= (async () => {
    const home = path.join(bench.peersDirectory, 'gateway');
    deployGateway(home);
    return { home, services: await startServices(bench) };
  })();
  return shared;
};

/**
 * @param {{ name: string, title: string, keys: number, models: number, redisDatabase: number, sync?: 'always' | 'interval' }} size
 * @returns {import('../subject.mjs').Subject}
 */
const gatewayOf = ({
  name,
  title,
  keys,
  models,
  redisDatabase,
  sync = 'always',
}) => ({
  name,
  title,
  start: async bench => {
    const { home, services } = await shareOf(bench);
    const { postgres, redis } = services;
    const database = name.replaceAll('-', '_');
    const client = new pg.Client({ ...postgres, database: 'postgres' });
    await client.connect();
    await client.query(`CREATE DATABASE ${database}`);
    await client.end();
    const pepper = randomBytes(32).toString('hex');
    const apiKey = await seedDatabase({
      home,
      connection: { ...postgres, database },
      pepper,
      upstream: bench.upstream,
      keys,
      models,
    });
    const port = await findPort(21_800);
    const directory = path.join(bench.directory, name);
    mkdirSync(directory, { recursive: true });
    const file = path.join(directory, 'config.yaml');
    writeFileSync(
      file,
      JSON.stringify(
        configuration({
          postgres,
          database,
          port,
          directory,
          sync,
          redisUrl: `${redis.url}/${redisDatabase}`,
        }),
      ),
    );
    const started = bench.processes.start(
      name,
      [
        ...pinning('subject', bench.pinned),
        process.execPath,
        ...(process.env.BENCH_NODE_OPTIONS?.split(' ') ?? []),
        'packages/gateway',
        '--config',
        file,
      ],
      {
        cwd: home,
        env: {
          ...process.env,
          NODE_ENV: 'production',
          BENCH_PEPPER: pepper,
          BENCH_API_KEY: 'bench',
        },
      },
    );
    const { version } = JSON.parse(
      readFileSync(inRoot('packages', 'gateway', 'package.json'), 'utf8'),
    );
    return ready(
      {
        version,
        settings: `production build; ${keys} keys, ${models} models; authentication, limits in Redis and budgets on three levels (nine counters), metering that is durable ${
          sync === 'always'
            ? 'on disk before an answer ends'
            : 'through `kill -9` before an answer ends, and on disk within 50 ms (`spool.sync: interval`)'
        }, request logs, access log`,
        url: `http://127.0.0.1:${port}/v1/chat/completions`,
        model: benchModel,
        headers: { authorization: `Bearer ${apiKey}` },
        roots: () => [started.pid],
        helpers: () => ({ redis: [redis.pid], postgres: [postgres.pid] }),
      },
      started,
      'node packages/gateway',
    );
  },
});

/**
 * @param {object} options
 * @param {{ host: string, port: number, user: string, password: string }} options.postgres
 * @param {string} options.database
 * @param {number} options.port
 * @param {string} options.directory
 * @param {'always' | 'interval'} options.sync
 * @param {string} options.redisUrl
 */
const configuration = ({
  postgres,
  database,
  port,
  directory,
  sync,
  redisUrl,
}) => ({
  backend: {
    database: {
      client: 'pg',
      connection: {
        host: postgres.host,
        port: postgres.port,
        user: postgres.user,
        password: postgres.password,
      },
      plugin: { 'ai-gateway': { connection: { database } } },
    },
  },
  aiGateway: {
    gateway: {
      listen: { host: '127.0.0.1', port },
      spool: { directory: path.join(directory, 'spool'), sync },
      redis: { url: redisUrl },
    },
    keys: { peppers: [{ version: 1, secretRef: 'env://BENCH_PEPPER' }] },
    network: { allowPrivateAddresses: true },
  },
});

export const gateway = gatewayOf({
  name: 'gateway',
  title: 'this gateway',
  keys: 10,
  models: 1,
  redisDatabase: 0,
});

/** The same, where the end of an answer does not wait for the disk. */
export const gatewayInterval = gatewayOf({
  name: 'gateway-interval',
  title: 'this gateway, usage synced at intervals',
  keys: 10,
  models: 1,
  redisDatabase: 2,
  sync: 'interval',
});

/** The same with more to know; it should make no difference. */
export const gatewayLarge = gatewayOf({
  name: 'gateway-large',
  title: 'this gateway, 100,000 keys and 1,000 models',
  keys: 100_000,
  models: 1_000,
  redisDatabase: 1,
});
