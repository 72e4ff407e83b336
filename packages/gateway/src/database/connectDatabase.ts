import { DatabaseManager } from '@backstage/backend-defaults/database';
import type {
  LoggerService,
  RootLifecycleService,
} from '@backstage/backend-plugin-api';
import { ConfigReader, type Config } from '@backstage/config';
import { InputError } from '@backstage/errors';
import type { JsonObject } from '@backstage/types';
import type { Knex } from 'knex';
import type { Log } from '../telemetry/log';

/** Few are enough: requests never wait for the database. */
const POOL = { min: 0, max: 4 };
const CONNECT_TIMEOUT_MS = 3_000;

/** The plugin's database, as the portal's backend has it. */
export interface Database {
  readonly knex: Knex;
  close(): Promise<void>;
}

/**
 * Makes ready to use the database that the portal's configuration names. Nothing is connected to yet, so that this works while the
 * database is away.
 *
 * @throws InputError when the configuration names another client than PostgreSQL's
 */
export async function connectDatabase(
  config: Config,
  log: Log,
): Promise<Database> {
  const client =
    config.getOptionalString('backend.database.plugin.ai-gateway.client') ??
    config.getString('backend.database.client');
  if (client !== 'pg') {
    throw new InputError(
      `The gateway needs PostgreSQL: backend.database.client is '${client}' and must be 'pg'`,
    );
  }

  const shutdownHooks: Array<() => void | Promise<void>> = [];
  const lifecycle: RootLifecycleService = {
    addStartupHook: () => undefined,
    addBeforeShutdownHook: () => undefined,
    addShutdownHook: hook => shutdownHooks.push(hook),
  };
  const logger = asLoggerService(log);
  const knex = await DatabaseManager.fromConfig(withGatewayDefaults(config), {
    migrations: { skip: true },
    rootLifecycle: lifecycle,
    rootLogger: logger,
  })
    .forPlugin('ai-gateway', { logger, lifecycle })
    .getClient();
  // Knex would write its warnings past the log. That the database is away is told by whoever misses it.
  knex.client.logger = {
    debug: (message: unknown) => log.trace({ knex: message }),
    warn: (message: unknown) => log.debug({ knex: message }),
    error: (message: unknown) => log.debug({ knex: message }),
    deprecate: (was: string, now: string) =>
      log.debug({ knex: `${was} is deprecated, use ${now}` }),
  };
  return {
    knex,
    async close() {
      for (const hook of shutdownHooks) await hook();
    },
  };
}

/** The control plane makes the database; the gateway only ever uses it. */
function withGatewayDefaults(config: Config): Config {
  const path = 'backend.database.plugin.ai-gateway';
  const connection = config.getOptional(`${path}.connection`);
  const own: JsonObject = {
    ensureExists: false,
    knexConfig: {
      pool: POOL,
      acquireConnectionTimeout: CONNECT_TIMEOUT_MS,
      // Errors would hold all that was to be written: thousands of usage events, in the log.
      compileSqlOnError: false,
    },
    // A connection string says all there is to say; among settings, ours comes along.
    ...(typeof connection !== 'string' && {
      connection: { connectionTimeoutMillis: CONNECT_TIMEOUT_MS },
    }),
  };
  return ConfigReader.fromConfigs([
    { context: 'configuration', data: config.get<JsonObject>() },
    {
      context: 'gateway',
      data: { backend: { database: { plugin: { 'ai-gateway': own } } } },
    },
  ]);
}

function asLoggerService(log: Log): LoggerService {
  return {
    error: (message, meta) => log.error({ ...meta }, String(message)),
    warn: (message, meta) => log.warn({ ...meta }, String(message)),
    info: (message, meta) => log.info({ ...meta }, String(message)),
    debug: (message, meta) => log.debug({ ...meta }, String(message)),
    child: meta => asLoggerService(log.child({ ...meta })),
  };
}
