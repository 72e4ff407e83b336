// @ts-check
import {
  measureLatency,
  measureStreams,
  measureThroughput,
} from './measure.mjs';
import { loadAverage } from './procfs.mjs';
import { untilQuiet } from './untilQuiet.mjs';
import { warmUp } from './warmUp.mjs';
import { dim, say } from '../../scripts/lib/terminal.mjs';

/**
 * What was measured of one subject: for each part and setting, one entry for each round.
 *
 * @typedef {object} Figures
 * @property {Record<string, Awaited<ReturnType<typeof measureThroughput>>[]>} throughput by connections
 * @property {Awaited<ReturnType<typeof measureLatency>>[]} latency
 * @property {Record<string, Awaited<ReturnType<typeof measureStreams>>[]>} streams by how many at once
 * @property {string[]} failures measurements that came to nothing, and why
 */

/**
 * The parts of a round, in turn; in each part the subjects in turn, so that what else the machine does falls on all of them alike.
 *
 * @param {ReadonlyArray<{ name: string, running: import('../subjects/subject.mjs').Running }>} subjects
 * @param {import('./options.mjs').BenchOptions} options
 * @param {AbortSignal} signal
 * @returns {Promise<{ figures: Record<string, Figures>, loadAverages: number[] }>}
 */
export const runRounds = async (subjects, options, signal) => {
  /** @type {Record<string, Figures>} */
  const figures = Object.fromEntries(
    subjects.map(({ name }) => [
      name,
      { throughput: {}, latency: [], streams: {}, failures: [] },
    ]),
  );
  /** @type {number[]} */
  const loadAverages = [];
  const pinned = options.pin;
  say(dim('warming up'));
  await warmUp(subjects, options, signal);
  for (let round = 1; round <= options.rounds; round += 1) {
    loadAverages.push(loadAverage());
    for (const part of partsOf(options, pinned)) {
      say(dim(`round ${round} of ${options.rounds}: ${part.title}`));
      for (const { name, running } of subjects) {
        signal.throwIfAborted();
        try {
          say(dim(`  ${name}: ${await part.measure(figures[name], running)}`));
        } catch (error) {
          const why = `${part.title}: ${/** @type {Error} */ (error).message}`;
          figures[name].failures.push(why);
          say(dim(`  ${name}: failed, ${why}`));
        }
        // Above all for what came to nothing: that may have been given up on.
        await untilQuiet(running, signal);
      }
    }
  }
  return { figures, loadAverages };
};

/**
 * @param {import('./options.mjs').BenchOptions} options
 * @param {boolean} pinned
 * @returns {Array<{ title: string, measure: (into: Figures, target: import('./measure.mjs').Target) => Promise<string> }>}
 */
const partsOf = (options, pinned) => {
  const { seconds, leadInSeconds } = options;
  const parts = [];
  if (!options.skip.has('throughput')) {
    for (const connections of options.connections) {
      parts.push({
        title: `${connections} connections`,
        measure: async (
          /** @type {Figures} */ into,
          /** @type {import('./measure.mjs').Target} */ target,
        ) => {
          const ask = { connections, pinned };
          // It has idled while others were measured, which is not what is asked here.
          await measureThroughput(target, { ...ask, seconds: leadInSeconds });
          const one = await measureThroughput(target, { ...ask, seconds });
          (into.throughput[connections] ??= []).push(one);
          return `${one.perSecond.toFixed(0)} requests/s, ${one.cpuUsPerRequest?.toFixed(0)} µs of CPU each, ${one.failed} failed`;
        },
      });
    }
  }
  if (!options.skip.has('latency')) {
    parts.push({
      title: `${options.rate} requests per second`,
      measure: async (
        /** @type {Figures} */ into,
        /** @type {import('./measure.mjs').Target} */ target,
      ) => {
        const one = await measureLatency(target, {
          perSecond: options.rate,
          seconds: seconds * 2,
          pinned,
        });
        into.latency.push(one);
        return `p50 ${one.p50Ms} ms, p95 ${one.p95Ms} ms, p99 ${one.p99Ms} ms, ${one.failed} failed`;
      },
    });
  }
  if (!options.skip.has('streams')) {
    for (const streams of options.streams) {
      parts.push({
        title: `${streams} streams`,
        measure: async (
          /** @type {Figures} */ into,
          /** @type {import('./measure.mjs').Target} */ target,
        ) => {
          const one = await measureStreams(target, {
            streams,
            tokens: options.tokens,
            everyMs: options.everyMs,
            pinned,
          });
          (into.streams[streams] ??= []).push(one);
          return `${one.whole} whole, ${JSON.stringify(one.failures)}, ${one.cpuMsPerStream?.toFixed(1)} ms of CPU each, ${one.residentMb.toFixed(0)} MB`;
        },
      });
    }
  }
  return parts;
};
