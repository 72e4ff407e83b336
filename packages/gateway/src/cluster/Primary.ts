import cluster, { type Worker } from 'node:cluster';
import { EventEmitter, once } from 'node:events';
import type { MetricsSettings } from '../config/TelemetrySettings';
import { MetricsServer } from '../http/MetricsServer';
import type { Log } from '../telemetry/log';
import { nextDelay } from './backoff';
import { ClusterMetrics } from './ClusterMetrics';
import { FigureRounds } from './FigureRounds';
import { fromWorker, type FromWorker, type ToWorker } from './messages';
import { PrimaryFigures } from './PrimaryFigures';
import { WORKER_NUMBER } from './WorkerLink';

export interface PrimaryOptions {
  readonly workers: number;
  /** Where figures have a listener of their own, if they have. */
  readonly metrics: MetricsSettings['listen'];
  readonly log: Log;
  /** Milliseconds of a clock that never goes back. */
  readonly monotonic: () => number;
}

/** The place of a worker; who is in it may change. */
interface Place {
  readonly number: number;
  worker: Worker | null;
  /** Whether it would hear what it is told. */
  isHearing: boolean;
  /** What it is to be told once it hears. */
  toTell: ToWorker | null;
  startedAt: number;
  delayMs: number;
  restart: NodeJS.Timeout | undefined;
  /** `serving`, whenever someone in it does. */
  readonly events: EventEmitter;
}

/**
 * Runs the gateway in several processes that share its port. It serves nothing itself.
 *
 * ```
 *           ┌──────────────── died: again after 250 ms, 500 ms … 15 s ───────────────┐
 *           ▼                                                                        │
 *  place ──► started ──► serving ────┬── died ────────────────────────────────────────┤
 *                                    ├── told to end, as all are: not started again   │
 *                                    └── told to end, as it is renewed: again at once ┘
 * ```
 *
 * A worker that dies before any has ever served tells of a fault that the next one would have too, such as a setting that is wrong: then
 * all of it fails.
 */
export class Primary {
  readonly #options: PrimaryOptions;
  readonly #places: readonly Place[];
  readonly #metrics = new ClusterMetrics();
  readonly #figures = new PrimaryFigures();
  readonly #rounds: FigureRounds;
  readonly #failed: Promise<never>;
  #metricsServer: MetricsServer | undefined;
  #fail: (error: Error) => void = () => undefined;
  #hasServed = false;
  #ending = false;
  #renewing: Promise<void> | undefined;

  /** @throws what the system says when the figures' own listener cannot be had */
  static async start(options: PrimaryOptions): Promise<Primary> {
    const primary = new Primary(options);
    if (options.metrics) {
      primary.#metricsServer = await MetricsServer.start(options.metrics, () =>
        primary.#readMetrics(),
      );
      const { url } = primary.#metricsServer;
      options.log.info({ metricsUrl: url }, 'Telling figures');
    }
    cluster.setupPrimary({ serialization: 'advanced' });
    for (const place of primary.#places) primary.#fork(place);
    return primary;
  }

  private constructor(options: PrimaryOptions) {
    this.#options = options;
    this.#places = Array.from({ length: options.workers }, (_, index) => ({
      number: index + 1,
      worker: null,
      isHearing: false,
      toTell: null,
      startedAt: 0,
      delayMs: 0,
      restart: undefined,
      events: new EventEmitter(),
    }));
    this.#rounds = FigureRounds.create({
      tell: (id, ask) =>
        tell(cluster.workers?.[id], { type: 'tell-figures', ask }),
      told: (worker, report) => this.#metrics.told(worker, report),
    });
    this.#failed = new Promise((_, reject) => {
      this.#fail = reject;
    });
    this.#failed.catch(() => undefined);
  }

  /** Rejects when it makes no sense to go on. */
  get failed(): Promise<never> {
    return this.#failed;
  }

  /** Ends all workers in good order, each with what it has under way. */
  async end(): Promise<void> {
    this.#ending = true;
    await Promise.all(this.#places.map(place => this.#endOne(place, true)));
    await this.#metricsServer?.close();
  }

  /** Renews the workers, one after the other, so that there is always someone who serves. */
  renew(): Promise<void> {
    this.#renewing ??= this.#renewAll().finally(() => {
      this.#renewing = undefined;
    });
    return this.#renewing;
  }

  async #renewAll(): Promise<void> {
    for (const place of this.#places) {
      if (this.#ending) return;
      await this.#endOne(place, false);
      if (this.#ending) return;
      const serving = once(place.events, 'serving');
      // It waited to be started again, or died instead of ending in good order.
      if (!place.worker) this.#fork(place);
      await serving;
    }
    this.#options.log.info('All workers were renewed');
  }

  #fork(place: Place): void {
    if (this.#ending) return;
    clearTimeout(place.restart);
    const { log, monotonic } = this.#options;
    const worker = cluster.fork({ [WORKER_NUMBER]: String(place.number) });
    place.worker = worker;
    place.isHearing = false;
    place.toTell = null;
    place.startedAt = monotonic();
    log.info(
      { worker: place.number, pid: worker.process.pid },
      'A worker was started',
    );
    worker.on('message', message => {
      const { success, data } = fromWorker.safeParse(message);
      if (success) void this.#heard(place, worker, data);
    });
    worker.on('error', error => log.warn({ err: error }, 'A worker failed'));
    worker.once('exit', (code, signal) => {
      this.#rounds.ended(worker.id);
      this.#metrics.ended(worker.id);
      this.#ended(place, signal ?? code);
    });
  }

  #ended(place: Place, how: string | number): void {
    const { log, monotonic } = this.#options;
    place.worker = null;
    if (this.#ending) return;
    if (!this.#hasServed) {
      this.#fail(
        new Error(`A worker could not be started: it ended with ${how}`),
      );
      return;
    }
    if (how === 0) {
      // Someone told it to end, and it did in good order.
      place.delayMs = 0;
      this.#fork(place);
      return;
    }
    place.delayMs = nextDelay(place.delayMs, monotonic() - place.startedAt);
    this.#figures.restarted();
    log.error(
      { worker: place.number, how, againInMs: place.delayMs },
      'A worker died; another one takes its place',
    );
    place.restart = setTimeout(() => this.#fork(place), place.delayMs);
  }

  async #endOne(place: Place, announce: boolean): Promise<void> {
    clearTimeout(place.restart);
    const { worker } = place;
    if (!worker) return;
    const gone = new Promise<void>(resolve => {
      worker.once('exit', () => resolve());
    });
    const message = { type: 'end', announce } as const;
    if (place.isHearing) tell(worker, message);
    else place.toTell = message;
    await gone;
  }

  async #heard(
    place: Place,
    worker: Worker,
    message: FromWorker,
  ): Promise<void> {
    switch (message.type) {
      case 'hearing':
        place.isHearing = true;
        if (place.toTell) tell(worker, place.toTell);
        break;
      case 'serving':
        this.#hasServed = true;
        place.events.emit('serving');
        break;
      case 'figures':
        this.#rounds.told(worker.id, message.ask, message.report);
        break;
      case 'read-metrics':
        tell(worker, {
          type: 'metrics',
          ask: message.ask,
          text: await this.#readMetrics(),
        });
        break;
      default: {
        const impossible: never = message;
        throw new TypeError(`Unknown: ${JSON.stringify(impossible)}`);
      }
    }
  }

  async #readMetrics(): Promise<string> {
    const workers = this.#places.flatMap(({ worker }) => worker?.id ?? []);
    this.#figures.workersAre(workers.length);
    await this.#rounds.ask(workers);
    return this.#metrics.render(await this.#figures.report());
  }
}

/** Not if it is gone, or going. */
function tell(worker: Worker | undefined, message: ToWorker): void {
  if (worker?.isConnected()) worker.send(message, () => undefined);
}
