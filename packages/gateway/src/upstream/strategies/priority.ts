import type { Candidate, Draw } from './Candidate';
import { sortedBy, weighted } from './weighted';

/** The lowest priority value first; among equals by weight. */
export function priority<C extends Candidate>(
  candidates: readonly C[],
  draw: Draw,
): readonly C[] {
  // Sorting is stable: the order by weight stays among equals.
  return sortedBy(weighted(candidates, draw), candidate => candidate.priority);
}
