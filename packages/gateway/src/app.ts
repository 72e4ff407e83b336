import {
  createRequestLogStore,
  DatabaseLedgerStore,
  readAiGatewayConfig,
  readRequestLogSettings,
} from '@ai-gateway/backstage-plugin-ai-gateway-node';
import type { Config } from '@backstage/config';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { v7 as uuidv7 } from 'uuid';
import { version } from '../package.json';
import { openAdmissions } from './admission/openAdmissions';
import {
  readGatewaySettings,
  type GatewaySettings,
  type WorkerPlace,
} from './config/GatewaySettings';
import { readRedisSettings } from './config/RedisSettings';
import { readTelemetrySettings } from './config/TelemetrySettings';
import { connectDatabase } from './database/connectDatabase';
import { createAcquireAzureToken } from './credentials/acquireAzureToken';
import { CachedTokenSource } from './credentials/CachedTokenSource';
import { Credentials } from './credentials/Credentials';
import { createApp } from './http/createApp';
import { createServer } from './http/createServer';
import { drain, handOver, trackConnections } from './http/drain';
import { workerSpool } from './config/workerSpool';
import { listen } from './http/listen';
import { MetricsServer } from './http/MetricsServer';
import { RequestsUnderWay } from './http/RequestsUnderWay';
import { KeyRing } from './keys/KeyRing';
import { DeadLetters } from './metering/DeadLetters';
import { LeftSpools } from './metering/LeftSpools';
import { Meter } from './metering/Meter';
import { unmatchedIntents } from './metering/recover';
import { Shipper } from './metering/Shipper';
import { Spool } from './metering/spool/Spool';
import { LoadMeter } from './overload/LoadMeter';
import { Overload } from './overload/Overload';
import type { Gateway } from './pipeline/Gateway';
import { RequestLogs } from './requestLogs';
import { DatabaseReplicaStore } from './replica/DatabaseReplicaStore';
import { Heartbeat } from './replica/Heartbeat';
import { Configuration } from './snapshot/Configuration';
import { ConfigurationWatcher } from './snapshot/ConfigurationWatcher';
import { DatabaseConfigurationStore } from './snapshot/DatabaseConfigurationStore';
import { LastGood } from './snapshot/LastGood';
import { findModel } from './snapshot/Snapshot';
import type { Log } from './telemetry/log';
import type { MetricsReport } from './telemetry/metrics/Metrics';
import { Telemetry } from './telemetry/Telemetry';
import { watchGateway } from './telemetry/watchGateway';
import { watchLimits } from './telemetry/watchLimits';
import { watchRouting } from './telemetry/watchRouting';
import { DeploymentRouter } from './upstream/DeploymentRouter';
import { DatabaseDeploymentStateStore } from './upstream/health/DatabaseDeploymentStateStore';
import { StateReporter } from './upstream/health/StateReporter';
import { DatabaseProbeStore } from './upstream/probing/DatabaseProbeStore';
import { probeDeployment } from './upstream/probing/probeDeployment';
import { Prober } from './upstream/probing/Prober';
import { UpstreamPools } from './upstream/UpstreamPools';

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
  const newId = () => uuidv7();
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
  const { spool, left } = await Spool.open({
    directory: settings.spoolDirectory,
    maxSegmentBytes: settings.spoolSegmentBytes,
    lockToken: id,
    log,
    now,
  });
  const lastGood = LastGood.create({
    directory: join(settings.spoolDirectory, 'last-good'),
    log,
  });
  const configuration = Configuration.create({
    store: DatabaseConfigurationStore.create({ knex }),
    lastGood,
    log,
    now,
  });
  const requestLogs = RequestLogs.create({
    store: requestLogStore,
    capture: requestLogSettings.capture,
    rules: configuration.rules,
    log,
    monotonic,
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
  const meter = Meter.create({
    spool,
    log,
    onEnd: (attempt, event) => telemetry.attemptEnded(attempt, event),
  });
  const unmatched = await unmatchedIntents(left);
  await meter.recover(unmatched);
  if (unmatched.length > 0) {
    log.warn(
      { requests: unmatched.length },
      'An earlier gateway died with requests under way; they are booked with an estimate',
    );
  }

  const router = DeploymentRouter.create({ monotonic, random });
  const upstreams = UpstreamPools.create({
    addresses,
    settings: settings.upstream,
  });
  const ledger = DatabaseLedgerStore.create({ knex });
  const deadLetters = await DeadLetters.open({
    directory: settings.spoolDirectory,
    log,
  });
  const shipper = Shipper.start({
    spool,
    ledger,
    deadLetters,
    log,
    now,
  });
  // One process of several is enough to see to what nobody serves from any more.
  const leftSpools =
    place && place.worker > 1
      ? null
      : LeftSpools.start({
          root: settings.spoolRoot,
          inUse: new Set(
            Array.from({ length: place?.workers ?? 0 }, (_, index) =>
              workerSpool(index + 1),
            ),
          ),
          ledger,
          deadLetters,
          newId,
          log,
          now,
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
    credentials: Credentials.create({
      secrets,
      tokens: CachedTokenSource.create({
        acquire: createAcquireAzureToken(env),
        now,
        onFailure: reason => log.warn(reason),
      }),
    }),
    upstreams,
    admissions,
    limits,
    router,
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
  const server = createServer(
    createApp(gateway, {
      publicUrl: gatewayUrl,
      underWay,
      metrics: telemetrySettings.metrics,
      readMetrics,
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
    await shipper.stop(0);
    await leftSpools?.stop();
    await spool.close();
    await requestLogs.close(0);
    await database.close();
    throw error;
  }
  log.info(
    { url, metricsUrl: metricsServer?.url, gateway: id, version },
    'Listening',
  );

  const heartbeat = Heartbeat.start({
    store: DatabaseReplicaStore.create({ knex }),
    log,
    describe: () => {
      const { revision, appliedAt, refusedBecause, keys, restoredKeys } =
        configuration.applied;
      const since = (known: NonNullable<typeof keys>) => ({
        revision: known.revision,
        ageMs: Math.round(performance.now() - known.at),
      });
      return {
        id,
        hostname: hostname(),
        version,
        startedAt,
        state: leaving ? 'draining' : 'ready',
        appliedRevision: revision,
        appliedAt,
        keys: keys && since(keys),
        restoredKeys: restoredKeys && since(restoredKeys),
        configurationError: refusedBecause,
      };
    },
  });
  configuration.onChange(() => {
    void heartbeat.beat();
    upstreams.retain(originsOf(configuration));
    if (configuration.snapshot) router.apply(configuration.snapshot);
  });
  watchLimits(telemetry, { limits, admissions });
  watchGateway(telemetry, {
    configuration,
    spool,
    meter,
    shipper,
    deadLetters,
    requestLogs,
    overload,
    draining: () => leaving,
  });
  watchRouting(telemetry, router);
  const stateReporter = StateReporter.start({
    gatewayId: id,
    healths: router.healths,
    store: DatabaseDeploymentStateStore.create({ knex }),
    now,
    monotonic,
    log,
  });
  const prober = Prober.start({
    healths: router.healths,
    store: DatabaseProbeStore.create({ knex }),
    probe: deploymentId =>
      probeDeployment(deploymentId, {
        snapshot: () => configuration.snapshot,
        credentials: gateway.credentials,
        upstreams,
        now,
        newId,
      }),
    monotonic,
    log,
  });
  await configuration.refresh();
  if (!configuration.snapshot) await configuration.restore();
  const watcher = ConfigurationWatcher.start({ knex, configuration, log });

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
      await watcher.stop();
      await closeLimits();
      await Promise.all([
        shipper.stop(FLUSH_MS),
        leftSpools?.stop(),
        requestLogs.close(LOG_FLUSH_MS),
      ]);
      await prober.stop();
      await stateReporter.stop();
      deadLetters.close();
      await heartbeat.stop();
      await telemetry.close();
      overload.close();
      load.close();
      await metricsServer?.close();
      await upstreams.close();
      await spool.close();
      await lastGood.close();
      await database.close();
      log.info('Ended');
    },
  };
}

function originsOf({ snapshot }: Configuration): ReadonlySet<string> {
  const origins = new Set<string>();
  for (const model of snapshot?.models.values() ?? []) {
    for (const { provider } of model.deployments) origins.add(provider.origin);
  }
  return origins;
}
