import { Histogram, type Registry } from 'prom-client';
import { labelled } from './labelled';
import type { LabelSets } from './LabelSets';

declare module 'prom-client' {
  interface Histogram<T extends string> {
    /** As `get`, but for labels that values have in common, which stand beside their own. `get` is made from this. */
    getForPromString(): ReturnType<Histogram<T>['get']>;
  }
}

/** How often values were how large. */
export class Distribution {
  readonly #bounds: readonly number[];
  /** One for each bound, up to which values are counted there, and one for what is beyond. */
  readonly #counts: number[];
  sum = 0;
  count = 0;

  /** @param bounds - upper ones, inclusive, from the least */
  constructor(bounds: readonly number[]) {
    this.#bounds = bounds;
    this.#counts = [...bounds, Infinity].map(() => 0);
  }

  observe(value: number): void {
    const bounds = this.#bounds;
    let i = 0;
    while (i < bounds.length && value > bounds[i]) i += 1;
    this.#counts[i] += 1;
    this.sum += value;
    this.count += 1;
  }

  /** How many values were no larger than each bound. */
  cumulated(): ReadonlyArray<{ readonly le: number; readonly count: number }> {
    let count = 0;
    return this.#bounds.map((le, i) => {
      count += this.#counts[i];
      return { le, count };
    });
  }
}

/**
 * Has distributions told as a histogram, one for each set of labels, whenever metrics are read. Until then they are plain numbers, as those
 * of `tellTallies` are.
 *
 * @param of - which of what is kept for a set of labels it is
 */
export function tellDistributions<T, L extends string>(
  registry: Registry,
  histogram: {
    readonly name: string;
    readonly help: string;
    readonly labelNames: readonly L[];
  },
  sets: LabelSets<T>,
  of: (kept: T) => Distribution,
): void {
  const { name, labelNames } = histogram;
  const valuesOf = (labels: readonly string[], kept: T) => {
    const distribution = of(kept);
    const { sum, count } = distribution;
    if (count === 0) return [];
    const sharedLabels = labelled(labelNames, labels);
    const value = (suffix: string, amount: number, own: object = {}) => ({
      metricName: `${name}_${suffix}`,
      labels: own,
      sharedLabels,
      value: amount,
    });
    return [
      ...distribution
        .cumulated()
        .map(({ le, count: upTo }) => value('bucket', upTo, { le })),
      value('bucket', count, { le: '+Inf' }),
      value('sum', sum),
      value('count', count),
    ];
  };
  class ToldHistogram extends Histogram<L> {
    override async getForPromString() {
      const told = await super.getForPromString();
      told.values = sets.all.flatMap(({ labels, kept }) =>
        valuesOf(labels, kept),
      );
      return told;
    }
  }
  registry.registerMetric(new ToldHistogram({ ...histogram, registers: [] }));
}
