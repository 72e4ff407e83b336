import { Counter, Gauge, Registry } from 'prom-client';
import type { Report } from './messages';

/** What the process that starts the workers has to tell by itself. */
export class PrimaryFigures {
  readonly #registry = new Registry();
  readonly #workers = new Gauge({
    name: 'aigateway_workers',
    help: 'Worker processes that are running',
    registers: [this.#registry],
  });
  readonly #restarts = new Counter({
    name: 'aigateway_worker_restarts_total',
    help: 'Worker processes that died and were started again',
    registers: [this.#registry],
  });

  workersAre(count: number): void {
    this.#workers.set(count);
  }

  restarted(): void {
    this.#restarts.inc();
  }

  report(): Promise<Report> {
    return this.#registry.getMetricsAsJSON();
  }
}
