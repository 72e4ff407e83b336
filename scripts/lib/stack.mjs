// @ts-check
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { connectControlPlane } from './controlPlane.mjs';
import { chooseDatabase, databaseEnvironment } from './database.mjs';
import { demoData, demoModelId } from './demoData.mjs';
import { createDemoKey, keptDemoKey } from './demoKey.mjs';
import { choosePorts } from './ports.mjs';
import { preparePostgres, waitForPostgres } from './postgres.mjs';
import { Processes } from './processes.mjs';
import { chooseRedis, waitForRedis } from './redis.mjs';
import { loadSecrets } from './secrets.mjs';
import { seedDemoData } from './seedDemoData.mjs';
import { services, stackEnvironment, stackUrls } from './services.mjs';
import { acquireStackLock } from './stackLock.mjs';
import { Refusal } from './terminal.mjs';
import { waitFor, waitForHttp } from './waitFor.mjs';

/** The slowest machine we expect, first start, nothing cached. */
const bootDeadlineMs = 5 * 60_000;

/**
 * @typedef {import('./services.mjs').StackPorts} StackPorts
 *
 * @typedef {object} StackOptions
 * @property {string} dataDir everything it keeps
 * @property {StackPorts} preferredPorts the next free one is taken for each that is not
 * @property {string[]} configFiles absolute; the first is app-config.yaml
 * @property {NodeJS.ProcessEnv} env
 * @property {boolean} withOpenAi whether demo data has OpenAI's models
 * @property {(name: string, line: string) => void} output takes the log
 * @property {(event: string) => void} onProgress
 * @property {AbortSignal} signal ends the start
 *
 * @typedef {object} Stack
 * @property {ReturnType<typeof stackUrls>} urls
 * @property {import('./demoKey.mjs').DemoKey} demoKey
 * @property {string} demoModelId
 * @property {string} databaseDescription
 * @property {string} redisDescription
 * @property {import('pg').ClientConfig | undefined} database
 * @property {Promise<import('./processes.mjs').Crash>} crashed
 * @property {() => Promise<void>} stop
 */

/** @param {import('./processes.mjs').Crash} crash */
export const crashRefusal = ({ name, how, lastLines }) =>
  new Refusal(`${name} crashed (${how}), so everything ends.`, [
    `The last lines of ${name}:`,
    ...lastLines.map(line => `  ${line}`),
  ]);

/**
 * Starts everything and comes back once all of it answers. Fails, with
 * everything ended again, when a process crashes meanwhile.
 *
 * @param {StackOptions} options
 * @returns {Promise<Stack>}
 */
export const startStack = async options => {
  mkdirSync(options.dataDir, { recursive: true });
  const lock = await acquireStackLock(options.dataDir);
  const processes = new Processes({
    output: options.output,
    onSpawn: lock.record,
  });
  const stop = async () => {
    await processes.stop();
    lock.release();
  };
  // The last resort, should this process end without having stopped them.
  process.once('exit', () => processes.kill());

  const starting = new AbortController();
  processes.crashed.then(crash => starting.abort(crashRefusal(crash)));
  try {
    // Only now, as a leftover that was just ended may have held one of them.
    const ports = await choosePorts(options.preferredPorts);
    sayMovedPorts(options, ports);
    const started = await start({ ...options, ports }, processes, {
      deadlineMs: bootDeadlineMs,
      signal: AbortSignal.any([options.signal, starting.signal]),
    });
    return { ...started, crashed: processes.crashed, stop };
  } catch (error) {
    await stop();
    // A probe may notice sooner than we hear of it that a process is gone.
    throw starting.signal.aborted ? starting.signal.reason : error;
  }
};

/**
 * @param {StackOptions} options
 * @param {StackPorts} ports
 */
const sayMovedPorts = ({ preferredPorts, onProgress }, ports) => {
  for (const name of /** @type {Array<keyof StackPorts>} */ (
    Object.keys(ports)
  )) {
    if (ports[name] !== preferredPorts[name]) {
      onProgress(
        `Port ${preferredPorts[name]} is taken, so ${name} gets ${ports[name]}`,
      );
    }
  }
};

/**
 * @typedef {StackOptions & { ports: StackPorts }} StartOptions
 *
 * @param {StartOptions} options
 * @param {Processes} processes
 * @param {{ deadlineMs: number, signal: AbortSignal }} wait
 */
const start = async (options, processes, wait) => {
  const { dataDir, ports, configFiles, onProgress } = options;
  const urls = stackUrls(ports);
  const secrets = loadSecrets(dataDir);
  const choice = await chooseDatabase(options.env, configFiles);
  const environment = stackEnvironment({ ...options, secrets });
  // What does not need the database starts before it.
  const early = services({ env: environment, configFiles });
  processes.start(early.simulator);
  processes.start(early.frontend);

  const redis = await startRedis(options, processes, wait);
  const database = await startDatabase(choice, options, processes, wait, {
    password: secrets.postgresPassword,
  });
  const late = services({
    env: { ...environment, ...database.env, AI_GATEWAY_REDIS_URL: redis.url },
    configFiles,
  });
  processes.start(late.backend);
  processes.start(late.gateway);

  const token = /** @type {string} */ (environment.AI_GATEWAY_SEED_TOKEN);
  const api = connectControlPlane({
    url: urls.controlPlane,
    token,
    signal: wait.signal,
  });
  /** @param {string} what @param {string} url @param {Record<string, string>} [headers] */
  const answers = async (what, url, headers) => {
    await waitForHttp(what, url, { ...wait, headers });
    onProgress(`${what} answers`);
  };
  const [demoKey] = await Promise.all([
    (async () => {
      await answers('The portal backend', urls.probe.backend);
      const data = demoData({
        simulatorUrl: urls.simulator,
        withOpenAi: options.withOpenAi,
      });
      await seedDemoData(api, data, dataDir);
      onProgress('The demo data is in place');
      await answers('The gateway', urls.probe.gateway);
      return workingDemoKey(api, dataDir, urls.gateway, wait);
    })(),
    answers('The provider simulator', urls.probe.simulator, {
      authorization: `Bearer ${environment.SIMULATOR_API_KEY}`,
    }),
    answers('The portal', urls.probe.portal),
  ]);
  return {
    urls,
    demoKey,
    demoModelId,
    database: database.connection,
    databaseDescription: database.description,
    redisDescription: redis.description,
  };
};

/**
 * @param {StartOptions} options
 * @param {Processes} processes
 * @param {{ deadlineMs: number, signal: AbortSignal }} wait
 */
const startRedis = async (options, processes, wait) => {
  const redis = await chooseRedis(options);
  if (redis.spec) processes.start(redis.spec);
  if (redis.url) {
    await waitForRedis(redis.url, wait);
    options.onProgress('Redis answers');
  } else {
    options.onProgress(`Limits: ${redis.description}`);
  }
  return redis;
};

/**
 * @param {import('./database.mjs').DatabaseChoice} choice
 * @param {StartOptions} options
 * @param {Processes} processes
 * @param {{ deadlineMs: number, signal: AbortSignal }} wait
 * @param {{ password: string }} own
 */
const startDatabase = async (
  choice,
  options,
  processes,
  wait,
  { password },
) => {
  if (choice.kind === 'existing') {
    const { connection, chosenBy } = choice;
    if (connection) {
      await waitForPostgres(connection, { ...wait, deadlineMs: 15_000 });
      options.onProgress('PostgreSQL answers');
    }
    return {
      description: `an existing server, by ${chosenBy}`,
      connection,
      env: connection ? databaseEnvironment(connection) : {},
    };
  }
  const { server, spec } = await preparePostgres({
    dataDir: path.join(options.dataDir, 'postgres'),
    port: options.ports.postgres,
    password,
  });
  processes.start(spec);
  await waitForPostgres(server, wait);
  options.onProgress('PostgreSQL answers');
  return {
    description: `port ${server.port}, data in ${path.relative(
      process.cwd(),
      options.dataDir,
    )}/postgres`,
    connection: server,
    env: {
      ...databaseEnvironment(server),
      // Meant for some other server, these would spoil ours.
      PGDATABASE: undefined,
      PGOPTIONS: undefined,
      PGSSLMODE: undefined,
    },
  };
};

/**
 * A demo key that the gateway takes for the demo model, both of which it
 * learns of a moment after the control plane does.
 *
 * @param {import('./controlPlane.mjs').ControlPlane} api
 * @param {string} dataDir
 * @param {string} gatewayUrl
 * @param {{ signal: AbortSignal }} wait
 * @returns {Promise<import('./demoKey.mjs').DemoKey>}
 */
const workingDemoKey = async (api, dataDir, gatewayUrl, { signal }) => {
  const ask = async (/** @type {string} */ secret) => {
    const response = await fetch(`${gatewayUrl}/v1/models`, {
      signal,
      headers: { authorization: `Bearer ${secret}` },
    });
    /** @type {any} */
    const body = await response.json();
    return { status: response.status, body };
  };
  const kept = await keptDemoKey(api, dataDir);
  // Made under another pepper, its digest cannot match any more.
  const unusable = kept && (await ask(kept.secret)).status === 401;
  if (unusable) {
    await api.post(`/api-keys/${kept.id}/revoke`);
  }
  const key = kept && !unusable ? kept : await createDemoKey(api, dataDir);
  await waitFor(
    'The gateway, asked with the demo key,',
    async () => {
      const { status, body } = await ask(key.secret);
      if (status !== 200) {
        throw new Error(`${status}: ${JSON.stringify(body)}`);
      }
      return body.data.length > 0 ? body : undefined;
    },
    { deadlineMs: 30_000, signal },
  );
  return key;
};
