import type { Candidate, Draw } from './Candidate';
import { sortedBy, weighted } from './weighted';

/** The fewest requests under way for its weight first; among equals by weight. */
export function leastConnections<C extends Candidate>(
  candidates: readonly C[],
  draw: Draw,
): readonly C[] {
  return sortedBy(
    weighted(candidates, draw),
    ({ inFlight, weight }) => inFlight / weight,
  );
}
