const MIN_MS = 250;
const MAX_MS = 15_000;
/** A worker that lived for so long did not die of what the one before it died of. */
const STEADY_MS = 60_000;

/**
 * How long to wait before a worker that died is started again.
 *
 * @param previousMs - what was waited for it; 0 for none
 * @param livedMs - how long it lived
 */
export function nextDelay(previousMs: number, livedMs: number): number {
  if (livedMs >= STEADY_MS || previousMs === 0) return MIN_MS;
  return Math.min(previousMs * 2, MAX_MS);
}
