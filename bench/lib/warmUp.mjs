// @ts-check
import { dim, say } from '../../scripts/lib/terminal.mjs';
import { measureStreams, measureThroughput } from './measure.mjs';

const connections = 64;
/** What one piece of a warm-up takes. */
const pieceSeconds = 5;
/** Less than so much is gained by going on. */
const steadyShare = 0.05;

/**
 * Lets every subject open its connections and compile what it needs to, until it does not get better any more: V8 compiles what runs often,
 * piece by piece, and the more there is to compile the longer that takes. What is measured before tells of the compiler.
 *
 * @param {ReadonlyArray<{ name: string, running: import('../subjects/subject.mjs').Running }>} subjects
 * @param {import('./options.mjs').BenchOptions} options
 * @param {AbortSignal} signal
 * @returns {Promise<Record<string, number>>} for how many seconds each was asked for short answers
 */
export const warmUp = async (subjects, options, signal) => {
  /** @type {Record<string, number>} */
  const seconds = {};
  for (const { name, running } of subjects) {
    seconds[name] = await untilSteady(running, options, signal);
    say(dim(`  ${name}: warm after ${seconds[name]} s`));
    if (!options.skip.has('streams')) {
      signal.throwIfAborted();
      await measureStreams(running, {
        streams: Math.max(...options.streams),
        tokens: options.tokens,
        everyMs: options.everyMs,
        pinned: options.pin,
      }).catch(() => undefined);
    }
  }
  return seconds;
};

/**
 * @param {import('./measure.mjs').Target} target
 * @param {import('./options.mjs').BenchOptions} options
 * @param {AbortSignal} signal
 * @returns {Promise<number>} after how many seconds it was steady, or given up
 */
const untilSteady = async (target, { warmUpSeconds, pin }, signal) => {
  /** What a request cost in the pieces so far, at best: CPU where the subject has processes, else time. */
  let best = Infinity;
  let withoutGain = 0;
  let seconds = 0;
  while (withoutGain < 2 && seconds < warmUpSeconds) {
    signal.throwIfAborted();
    const piece = await measureThroughput(target, {
      connections,
      seconds: pieceSeconds,
      pinned: pin,
    }).catch(() => undefined);
    seconds += pieceSeconds;
    if (!piece || piece.perSecond === 0) return seconds;
    const cost = piece.cpuUsPerRequest || 1e6 / piece.perSecond;
    withoutGain = cost > best * (1 - steadyShare) ? withoutGain + 1 : 0;
    best = Math.min(best, cost);
  }
  return seconds;
};
