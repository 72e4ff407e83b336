import { ConfigReader } from '@backstage/config';
import type { JsonObject } from '@backstage/types';
import type { Knex } from 'knex';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createGateway, type RunningGateway } from '../app';
import type { GatewaySettings } from '../config/GatewaySettings';
import type { SpoolSync } from '../metering/spool/SpoolWriter';
import { createLog } from '../telemetry/log';
import { TEST_PEPPER } from './TestControlPlane';

/** A gateway for tests; most of them want it silent. */
export async function startTestGateway(options: {
  knex: Knex;
  spoolDirectory?: string;
  settings?: Partial<GatewaySettings>;
  env?: Record<string, string>;
  /** In place of the address of the database. */
  databasePort?: number;
  /** More of the configuration, which counts before what is there. */
  data?: JsonObject;
}): Promise<RunningGateway & { spoolDirectory: string }> {
  const spoolDirectory = options.spoolDirectory ?? (await makeSpoolDirectory());
  const gateway = await createGateway({
    config: ConfigReader.fromConfigs([
      {
        context: 'test',
        data: testConfig(options.knex, {
          spoolDirectory,
          databasePort: options.databasePort,
        }),
      },
      { context: 'more', data: options.data ?? {} },
    ]),
    env: { TEST_PEPPER, ...options.env },
    log: createLog(process.env.TEST_LOG_LEVEL ?? 'silent'),
    cwd: tmpdir(),
    settings: options.settings,
  });
  return { ...gateway, spoolDirectory };
}

const directories: string[] = [];

// After the hooks within `describe`, which end whatever uses them.
afterAll(async () => {
  for (const directory of directories.splice(0)) {
    await rm(directory, { recursive: true, force: true });
  }
});

/** A directory of its own, below the system's for temporary files; gone when the tests of the file are over. */
export async function makeSpoolDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'gateway-spool-'));
  directories.push(directory);
  return directory;
}

/** What `app-config.yaml` would hold. */
export function testConfig(
  knex: Knex,
  options: {
    spoolDirectory: string;
    databasePort?: number;
    sync?: SpoolSync;
  },
): JsonObject {
  const { host, port, user, password, database } = connectionOf(knex);
  return {
    backend: {
      database: {
        client: 'pg',
        connection: {
          host,
          port: options.databasePort ?? port,
          user,
          password,
        },
        plugin: { 'ai-gateway': { connection: { database } } },
      },
    },
    aiGateway: {
      gateway: {
        listen: { host: '127.0.0.1', port: 0 },
        spool: {
          directory: options.spoolDirectory,
          sync: options.sync ?? 'always',
        },
        drain: { announceMs: 0 },
      },
      keys: { peppers: [{ version: 1, secretRef: 'env://TEST_PEPPER' }] },
      network: { allowPrivateAddresses: true },
    },
  };
}

/** Where a test's database is. */
export function connectionOf(knex: Knex): {
  host: string;
  port: number;
  user: string;
  password: string;
  database: string;
} {
  return knex.client.config.connection;
}
