// @ts-check
import { setTimeout as delay } from 'node:timers/promises';
import { cpuMsOf, treeOf } from './procfs.mjs';

const lookMs = 1_000;
/** Of a core: so much is housekeeping. */
const quietShare = 0.1;
const limitMs = 180_000;

/**
 * Waits until a subject is done with what it was asked for. One that was given up on may go on for minutes, and would have the core of
 * whoever is measured next.
 *
 * @param {import('./measure.mjs').Target} target
 * @param {AbortSignal} signal
 * @throws {Error} when it is busy for too long: nobody could be measured fairly any more
 */
export const untilQuiet = async (target, signal) => {
  const cpuMs = () => cpuMsOf(target.roots().flatMap(treeOf));
  const deadline = performance.now() + limitMs;
  while (performance.now() < deadline) {
    const before = cpuMs();
    await delay(lookMs, undefined, { signal });
    if (cpuMs() - before < lookMs * quietShare) return;
  }
  throw new Error(`still busy ${limitMs / 1000} s after it was asked last`);
};
