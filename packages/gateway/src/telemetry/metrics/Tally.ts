import { Counter, type Registry } from 'prom-client';
import { labelled } from './labelled';
import type { LabelSets } from './LabelSets';

/** A number that only goes up. */
export class Tally {
  value = 0;

  add(count: number): void {
    this.value += count;
  }
}

/**
 * Has tallies told as a counter, one for each set of labels, whenever metrics are read. Until then they are plain numbers: a counter of
 * prom-client would look itself up by its labels each time that it counts.
 *
 * @param of - which of what is kept for a set of labels it is
 */
export function tellTallies<T, L extends string>(
  registry: Registry,
  counter: {
    readonly name: string;
    readonly help: string;
    readonly labelNames: readonly L[];
  },
  sets: LabelSets<T>,
  of: (kept: T) => Tally,
): void {
  registry.registerMetric(
    new Counter<L>({
      ...counter,
      registers: [],
      collect() {
        this.reset();
        for (const { labels, kept } of sets.all) {
          const { value } = of(kept);
          if (value > 0) this.inc(labelled(counter.labelNames, labels), value);
        }
      },
    }),
  );
}
