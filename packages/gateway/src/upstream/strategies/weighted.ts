import type { Candidate, Draw } from './Candidate';

/**
 * One after the other by weight: each place goes to one of those left, with a chance that is its part of their weights.
 *
 * The smallest of exponentially distributed numbers, one for each candidate with its weight as the rate, is that of a candidate with just
 * that chance (Efraimidis and Spirakis, 2006), so that sorting by them does it.
 */
export function weighted<C extends Candidate>(
  candidates: readonly C[],
  { random }: Draw,
): readonly C[] {
  return sortedBy(
    candidates,
    // 1 - random is never 0, which has no logarithm.
    ({ weight }) => -Math.log(1 - random()) / weight,
  );
}

/** Sorted by a number that is drawn once for each; smallest first, and equals as they stood. There are few. */
export function sortedBy<C>(
  candidates: readonly C[],
  keyOf: (candidate: C) => number,
): readonly C[] {
  if (candidates.length < 2) return candidates;
  const sorted: C[] = [];
  const keys: number[] = [];
  for (const candidate of candidates) {
    const key = keyOf(candidate);
    let at = sorted.length;
    while (at > 0 && keys[at - 1] > key) {
      sorted[at] = sorted[at - 1];
      keys[at] = keys[at - 1];
      at -= 1;
    }
    sorted[at] = candidate;
    keys[at] = key;
  }
  return sorted;
}
