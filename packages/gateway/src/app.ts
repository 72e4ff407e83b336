import {
  createRequestLogStore,
  readAiGatewayConfig,
  readRequestLogSettings,
} from '@ai-gateway/backstage-plugin-ai-gateway-node';
import type { Config } from '@backstage/config';
import { randomFillSync } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { version } from '../package.json';
import { openAdmissions } from './admission/openAdmissions';
import {
  readGatewaySettings,
  type GatewaySettings,
  type WorkerPlace,
} from './config/GatewaySettings';
import { readRedisSettings } from './config/RedisSettings';
import { readTelemetrySettings } from './config/TelemetrySettings';
import { createAcquireAzureToken } from './credentials/acquireAzureToken';
import { CachedTokenSource } from './credentials/CachedTokenSource';
import { Credentials } from './credentials/Credentials';
import { connectDatabase } from './database/connectDatabase';
import { createApp } from './http/createApp';
import { createHandler } from './http/createHandler';
import { createServer } from './http/createServer';
import { drain, handOver, trackConnections } from './http/drain';
import { listen } from './http/listen';
import { MetricsServer } from './http/MetricsServer';
import { RequestsUnderWay } from './http/RequestsUnderWay';
import { serveModelBy } from './http/serveModel';
import { createUuidV7 } from './ids/createUuidV7';
import { KeyRing } from './keys/KeyRing';
import { openMetering } from './metering/openMetering';
import { LoadMeter } from './overload/LoadMeter';
import { Overload } from './overload/Overload';
import type { Gateway } from './pipeline/Gateway';
import { handleRequest } from './pipeline/handleRequest';
import { startHeartbeat } from './replica/startHeartbeat';
import { RequestLogs } from './requestLogs';
import { openConfiguration } from './snapshot/openConfiguration';
import { findModel } from './snapshot/Snapshot';
import type { Log } from './telemetry/log';
import type { MetricsReport } from './telemetry/metrics/Metrics';
import { Telemetry } from './telemetry/Telemetry';
import { watchGateway } from './telemetry/watchGateway';
import { watchLimits } from './telemetry/watchLimits';
import { watchRouting } from './telemetry/watchRouting';
import { openUpstreams } from './upstream/openUpstreams';

export interface GatewayOptions {
  readonly config: Config;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly log: Log;
  /** What relative paths in the configuration are relative to. */
  readonly cwd: string;
  /** Which of several processes that serve this is, if it is one of several. */
  readonly place?: WorkerPlace & {
    /** The figures of them all. */
    readonly readMetrics: () => Promise<string>;
  };
  /** Settings to hold in place of the configuration's. */
  readonly settings?: Partial<GatewaySettings>;
}

/** A gateway that listens. */
export interface RunningGateway {
  /** Where it listens, such as `http://127.0.0.1:4000`. */
  readonly url: string;
  /** Where `/metrics` has a listener of its own, if it has. */
  readonly metricsUrl: string | null;
  /** Its figures, for the process that adds up those of several. */
  reportMetrics(): Promise<MetricsReport>;
  /**
   * Ends in good order: says so at `/readyz`, and serves on until that has been noticed; then takes no more requests, lets those under way finish (for a while), brings the usage to the ledger as far as it
   * can, and lets go of everything.
   */
  close(options?: {
    /** Whether to serve on for a while; not if others do at the same address. Default: true. */
    readonly announce?: boolean;
  }): Promise<void>;
}

const FLUSH_MS = 5_000;
/** What is not money may wait less. */
const LOG_FLUSH_MS = 3_000;

/**
 * Builds a gateway and lets it listen. It listens before it is ready: `/readyz` says when, and why not yet.
 *
 * @throws InputError when the configuration is wrong; SpoolLocked when another gateway has the spool; the error of `listen`
 */
export async function createGateway(
  options: GatewayOptions,
): Promise<RunningGateway> {
  const { config, env, log, place } = options;
  const settings: GatewaySettings = {
    ...readGatewaySettings(config, options.cwd, options.place ?? null),
    ...options.settings,
  };
  const { keyDigester, secrets, addresses, gatewayUrl } = readAiGatewayConfig(
    config,
    env,
  );
  const telemetrySettings = readTelemetrySettings(config, env);
  const requestLogSettings = readRequestLogSettings(config);
  const now = () => Date.now();
  const monotonic = () => performance.now();
  const random = () => Math.random();
  const newId = createUuidV7(now, randomFillSync);
  const id = newId();
  const startedAt = now();
  let leaving = false;
  let draining = false;

  const database = await connectDatabase(config, log);
  const { knex } = database;
  const requestLogStore = createRequestLogStore({
    settings: requestLogSettings,
    knex,
    env,
    now,
  });
  const opened = openConfiguration({
    knex,
    directory: settings.spoolDirectory,
    log,
    now,
  });
  const { configuration } = opened;
  const requestLogs = RequestLogs.create({
    store: requestLogStore,
    capture: requestLogSettings.capture,
    rules: configuration.rules,
    log,
    random,
  });
  const telemetry = Telemetry.create({
    settings: telemetrySettings,
    gatewayId: id,
    version,
    monotonic,
    modelOf: name =>
      configuration.snapshot
        ? findModel(configuration.snapshot, name)
        : undefined,
  });
  const load = LoadMeter.start();
  const overload = Overload.start({
    settings: settings.overload,
    measure: () => load.measure(),
    activeRequests: () => telemetry.activeRequests,
    onShed: pressure => telemetry.shed(pressure),
    log,
    now,
  });
  const metering = await openMetering({
    settings,
    knex,
    place: place ?? null,
    id,
    newId,
    onEnd: (attempt, event) => telemetry.attemptEnded(attempt, event),
    log,
    now,
  });
  const { meter, shipper, deadLetters } = metering;
  const credentials = Credentials.create({
    secrets,
    tokens: CachedTokenSource.create({
      acquire: createAcquireAzureToken(env),
      now,
      onFailure: reason => log.warn(reason),
    }),
  });
  const upstreams = openUpstreams({
    settings: settings.upstream,
    addresses,
    configuration,
    credentials,
    knex,
    gatewayId: id,
    log,
    now,
    monotonic,
    random,
    newId,
  });
  const {
    admissions,
    limits,
    close: closeLimits,
  } = await openAdmissions({
    rules: configuration.rules,
    redis: readRedisSettings(config, env),
    knex,
    replicaCountPath: join(settings.spoolDirectory, 'last-good', 'replicas'),
    workers: place?.workers ?? 1,
    whenShipped: () => shipper.whenShipped(),
    log,
    now,
    monotonic,
    newId,
  });
  const gateway: Gateway = {
    id,
    settings,
    configuration,
    keys: KeyRing.create({
      digester: keyDigester,
      table: configuration.keys,
      catchUp: () => configuration.catchUp(),
      now,
    }),
    credentials,
    upstreams: upstreams.pools,
    admissions,
    limits,
    router: upstreams.router,
    meter,
    deadLetters,
    requestLogs,
    overload,
    telemetry,
    log,
    draining: () => draining,
    leaving: () => leaving,
    now,
    monotonic,
    random,
    newId,
  };

  const readMetrics = place?.readMetrics ?? (() => telemetry.renderMetrics());
  const underWay = new RequestsUnderWay();
  const serveModel = serveModelBy({
    handle: (exchange, endpoint) => handleRequest(exchange, endpoint, gateway),
    underWay,
    stallTimeoutMs: settings.client.stallTimeoutMs,
    log,
  });
  const server = createServer(
    createHandler(gateway, {
      model: serveModel,
      others: createApp(gateway, {
        publicUrl: gatewayUrl,
        serveModel,
        metrics: telemetrySettings.metrics,
        readMetrics,
      }),
    }),
    settings.client,
    newId,
  );
  const connections = trackConnections(server);
  let url: string;
  let metricsServer: MetricsServer | undefined;
  try {
    // Of several processes, the one that started them tells the figures of all.
    if (telemetrySettings.metrics.listen && !place) {
      metricsServer = await MetricsServer.start(
        telemetrySettings.metrics.listen,
        readMetrics,
      );
    }
    url = await listen(server, settings);
  } catch (error) {
    await metricsServer?.close();
    await closeLimits();
    await metering.flush(0);
    await metering.close();
    await requestLogs.close(0);
    await database.close();
    throw error;
  }
  log.info(
    { url, metricsUrl: metricsServer?.url, gateway: id, version },
    'Listening',
  );

  const heartbeat = startHeartbeat({
    id,
    version,
    startedAt,
    configuration,
    leaving: () => leaving,
    knex,
    monotonic,
    log,
  });
  watchLimits(telemetry, { limits, admissions });
  watchGateway(telemetry, {
    configuration,
    ...metering,
    requestLogs,
    overload,
    draining: () => leaving,
  });
  watchRouting(telemetry, upstreams.router);
  upstreams.watch();
  await opened.start();

  return {
    url,
    metricsUrl: metricsServer?.url ?? null,
    reportMetrics: () => telemetry.reportMetrics(),
    async close({ announce = true } = {}) {
      leaving = true;
      void heartbeat.beat();
      if (announce) await delay(settings.announceMs);
      else await handOver(server);
      draining = true;
      await drain(server, connections, settings.drainMs);
      await underWay.allOver();
      await opened.stop();
      await closeLimits();
      await Promise.all([
        metering.flush(FLUSH_MS),
        requestLogs.close(LOG_FLUSH_MS),
      ]);
      await upstreams.close();
      await heartbeat.stop();
      await telemetry.close();
      overload.close();
      load.close();
      await metricsServer?.close();
      await metering.close();
      await opened.close();
      await database.close();
      log.info('Ended');
    },
  };
}
