import type { Config } from '@backstage/config';
import cluster from 'node:cluster';
import { availableParallelism } from 'node:os';
import { createGateway } from './app';
import { Primary } from './cluster/Primary';
import { WorkerLink } from './cluster/WorkerLink';
import { loadConfig } from './config/loadConfig';
import { readTelemetrySettings } from './config/TelemetrySettings';
import { readWorkers } from './config/readWorkers';
import { createLog } from './telemetry/log';
import { tuneHeap } from './tuneHeap';

tuneHeap();

const log = createLog(process.env.LOG_LEVEL ?? 'info');

async function main(): Promise<void> {
  const { argv, env } = process;
  const config = await loadConfig({ argv, env });
  const workers = readWorkers(config, env, availableParallelism());
  const link = WorkerLink.open(env);
  if (link) await work(config, link, workers);
  else if (workers > 1 && cluster.isPrimary) await supervise(config, workers);
  else await serve(config);
}

/** All of the gateway in this process. */
async function serve(config: Config): Promise<void> {
  const gateway = await createGateway({ config, ...surroundings() });
  const leave = once(() => gateway.close());
  on(['SIGTERM', 'SIGINT'], leave);
}

/** One of several processes that serve. */
async function work(
  config: Config,
  link: WorkerLink,
  workers: number,
): Promise<void> {
  // Those of a terminal reach every process; what they come to, the one that started this one says.
  for (const signal of ['SIGINT', 'SIGHUP'])
    process.on(signal, () => undefined);
  const gateway = await createGateway({
    config,
    ...surroundings(),
    log: log.child({ worker: link.number }),
    place: {
      worker: link.number,
      workers,
      readMetrics: () => link.readMetrics(),
    },
  });
  const leave = once((announce: boolean) => gateway.close({ announce }));
  // The others go on at the same address, so there is nothing to announce.
  on(['SIGTERM'], () => leave(false));
  link.serving({ tellFigures: () => gateway.reportMetrics(), end: leave });
}

/** The process that starts those that serve. */
async function supervise(config: Config, workers: number): Promise<void> {
  const primary = await Primary.start({
    workers,
    metrics: readTelemetrySettings(config, process.env).metrics.listen,
    log,
    monotonic: () => performance.now(),
  });
  on(
    ['SIGTERM', 'SIGINT'],
    once(() => primary.end()),
  );
  process.on('SIGHUP', () => void primary.renew());
  await primary.failed;
}

function surroundings() {
  // A copy: each look into the real one is a call into the system's library, and providers' keys are looked up for each request.
  return { env: { ...process.env }, log, cwd: process.cwd() };
}

/** The first signal ends in good order, a second one at once. */
function on(signals: readonly NodeJS.Signals[], leave: () => void): void {
  for (const signal of signals) {
    process.once(signal, () => {
      log.info({ signal }, 'Told to end');
      leave();
    });
  }
}

/** Ends this process once what is to be closed is closed, however often it is asked to. */
function once<A extends readonly unknown[]>(
  close: (...args: A) => Promise<void>,
): (...args: A) => void {
  let began = false;
  return (...args) => {
    if (began) return;
    began = true;
    close(...args).then(() => end(0), fail);
  };
}

function fail(error: unknown): void {
  log.fatal(
    { err: error },
    error instanceof Error ? error.message : String(error),
  );
  end(1);
}

function end(code: number): void {
  log.flush(() => process.exit(code));
}

main().catch(fail);
