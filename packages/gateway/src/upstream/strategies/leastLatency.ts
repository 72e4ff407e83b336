import type { Candidate, Draw } from './Candidate';
import { sortedBy, weighted } from './weighted';

/** In so much time what was seen of a deployment that is not tried comes to half as much. */
const HALF_LIFE_MS = 15_000;

/**
 * The one whose answers begin soonest first.
 *
 * What was seen of a deployment counts for less the longer it has not been tried: in time any that was slow looks as good as the fastest,
 * is tried with one request, and goes by what that one finds. Each try, and not each answer, starts that time anew, so that others do not
 * follow before it is known. One that is twice as slow as the fastest is so looked at every 15 seconds, one that is eight times as slow
 * every 45.
 *
 * One of which nothing is known is tried at once with one request, and meanwhile comes last.
 */
export function leastLatency<C extends Candidate>(
  candidates: readonly C[],
  draw: Draw,
): readonly C[] {
  return sortedBy(weighted(candidates, draw), candidate =>
    expectedMs(candidate, draw.now),
  );
}

function expectedMs(
  { latencyMs, triedAt, inFlight }: Candidate,
  now: number,
): number {
  if (latencyMs === null) return inFlight === 0 ? 0 : Number.MAX_VALUE;
  const idleMs = triedAt === null ? Infinity : now - triedAt;
  return latencyMs * 2 ** -(idleMs / HALF_LIFE_MS);
}
