import { AggregatorRegistry } from 'prom-client';
import { z } from 'zod';
import type { Report } from './messages';

const kind = z.object({ type: z.string() });
/** What only ever goes up: a process that is gone leaves it behind. */
const LASTING: ReadonlySet<string> = new Set(['counter', 'histogram']);

/**
 * Adds up the figures of worker processes.
 *
 * What a worker counted stays in the sum when it is gone, as it was told last. So what is read never goes down when a worker is started
 * again, which a reader would take for a start of everything.
 */
export class ClusterMetrics {
  readonly #last = new Map<number, Report>();
  /** Of all that are gone, added up. */
  #gone: Promise<Report> = Promise.resolve([]);

  /** A worker told its figures. */
  told(worker: number, report: Report): void {
    this.#last.set(worker, report);
  }

  /** A worker is gone. */
  ended(worker: number): void {
    const last = this.#last.get(worker);
    this.#last.delete(worker);
    if (!last) return;
    const lasting = last.filter(figure =>
      LASTING.has(kind.safeParse(figure).data?.type ?? ''),
    );
    this.#gone = this.#gone.then(gone =>
      AggregatorRegistry.aggregate([gone, lasting]).getMetricsAsJSON(),
    );
  }

  /**
   * All together, in Prometheus' text format.
   *
   * @param own - figures of the process that adds up
   */
  async render(own: Report): Promise<string> {
    const gone = await this.#gone;
    return AggregatorRegistry.aggregate([
      ...this.#last.values(),
      gone,
      own,
    ]).metrics();
  }
}
