/** How the values of several worker processes become one. */
export type Aggregation = 'sum' | 'min' | 'max' | 'first';

/** One value of a figure, and which one of it. */
export interface FigureValue<L extends string> {
  readonly labels: Readonly<Record<L, string>>;
  readonly value: number;
}

/** A figure that someone else keeps; it is asked for when metrics are read. */
export interface Figure<L extends string> {
  /** As Prometheus names things: `aigateway_…`, in base units, `…_total` for a counter. */
  readonly name: string;
  readonly help: string;
  readonly kind: 'gauge' | 'counter';
  readonly labelNames: readonly L[];
  readonly aggregation: Aggregation;
  /** Never fails. Nothing at all when there is nothing to tell. */
  readonly read: () =>
    readonly FigureValue<L>[] | Promise<readonly FigureValue<L>[]>;
}

/** A figure of one value, without labels. */
export function figure(
  kind: Figure<never>['kind'],
  name: string,
  help: string,
  read: () => number | null | Promise<number | null>,
  aggregation: Aggregation = 'sum',
): Figure<never> {
  return {
    kind,
    name,
    help,
    labelNames: [],
    aggregation,
    read: async () => {
      const value = await read();
      return value === null ? [] : [{ labels: {}, value }];
    },
  };
}
