import type { Refusal } from '../../errors/registry';

/**
 * What a client is told of several failed attempts: when it may come back, if any says so; else what may pass rather than what may not, and
 * of equals the last.
 *
 * @param refusals - at least one
 */
export function mostUseful(refusals: readonly Refusal[]): Refusal {
  const last = refusals[refusals.length - 1];
  if (refusals.length === 1) return last;
  // What is the request's own fault is what there is to say, whatever failed before.
  if (last.blame === 'client') return told(last, refusals.length);
  let best = last;
  for (const refusal of refusals) {
    if (rank(refusal) > rank(best)) best = refusal;
  }
  return told(best, refusals.length);
}

function rank(refusal: Refusal): number {
  if (refusal.code === 'upstream_rate_limited') return 2;
  return refusal.retryable ? 1 : 0;
}

function told(refusal: Refusal, attempts: number): Refusal {
  return {
    ...refusal,
    message: `${refusal.message} ${attempts} attempts were made.`,
  };
}
