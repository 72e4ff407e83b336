// @ts-check
import { dim, say } from '../../scripts/lib/terminal.mjs';
import { measureStreams, measureThroughput } from './measure.mjs';

const connections = 64;

/**
 * Lets every subject open its connections and compile what it needs to. V8 compiles what runs often, piece by piece, and the more there is to
 * compile the longer that takes: what is measured before tells of the compiler.
 *
 * @param {ReadonlyArray<{ name: string, running: import('../subjects/subject.mjs').Running }>} subjects
 * @param {import('./options.mjs').BenchOptions} options
 * @param {AbortSignal} signal
 */
export const warmUp = async (subjects, options, signal) => {
  const { pin: pinned, warmUpSeconds: seconds } = options;
  for (const { name, running } of subjects) {
    signal.throwIfAborted();
    say(dim(`  ${name}`));
    await measureThroughput(running, { connections, seconds, pinned }).catch(
      () => undefined,
    );
    if (options.skip.has('streams')) continue;
    signal.throwIfAborted();
    await measureStreams(running, {
      // A subject that cannot take all of them would be busy with them for minutes, beside those that are measured next.
      streams: Math.min(...options.streams),
      tokens: options.tokens,
      everyMs: options.everyMs,
      pinned,
    }).catch(() => undefined);
  }
};
