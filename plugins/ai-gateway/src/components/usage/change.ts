/** How a figure moved against the period before. */
export type Change =
  /** Nothing then and nothing now, or one of them is not known. */
  | { readonly kind: 'none' }
  /** Nothing then, something now. */
  | { readonly kind: 'new' }
  /** `0.12` is 12% more, `-1` is all gone, `0` is the same. */
  | { readonly kind: 'ratio'; readonly ratio: number };

/** Compares two exact amounts; the ratio is exact to a tenth of a percent. */
export function changeOf(current: bigint, previous: bigint): Change {
  if (previous === 0n) return { kind: current === 0n ? 'none' : 'new' };
  return {
    kind: 'ratio',
    ratio: Number(((current - previous) * 1000n) / previous) / 1000,
  };
}

/** Compares two measurements; nothing can be said where one is missing. */
export function changeOfMeasure(
  current: number | null,
  previous: number | null,
): Change {
  if (current === null || previous === null || previous === 0) {
    return { kind: 'none' };
  }
  return { kind: 'ratio', ratio: (current - previous) / previous };
}

/** Where percent stop saying much. */
const MANIFOLD = 10;

/**
 * A change for people: `+12%`, `−3%`, `×25`, `no change`.
 *
 * @param locale - a BCP 47 tag; the reader's own when left out
 */
export function formatChange(change: Change, locale?: string): string {
  if (change.kind === 'none') return 'nothing to compare';
  if (change.kind === 'new') return 'none before';
  const { ratio } = change;
  if (ratio >= MANIFOLD) {
    return `×${new Intl.NumberFormat(locale, {
      notation: 'compact',
      maximumSignificantDigits: 3,
    }).format(ratio + 1)}`;
  }
  const digits = Math.abs(ratio) < 0.1 ? 1 : 0;
  const rounded = Number(ratio.toFixed(digits + 2));
  if (rounded === 0) return 'no change';
  return new Intl.NumberFormat(locale, {
    style: 'percent',
    signDisplay: 'always',
    maximumFractionDigits: digits,
  }).format(rounded);
}
