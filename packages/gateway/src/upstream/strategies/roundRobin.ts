import type { Candidate, Draw } from './Candidate';

/** Each in turn, whatever its weight and priority; those that follow it come after it. */
export function roundRobin<C extends Candidate>(
  candidates: readonly C[],
  { turn }: Draw,
): readonly C[] {
  const first = turn % Math.max(1, candidates.length);
  return first === 0
    ? candidates
    : [...candidates.slice(first), ...candidates.slice(0, first)];
}
