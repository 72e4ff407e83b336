// @ts-check
import { setTimeout as delay } from 'node:timers/promises';
import { median } from './median.mjs';

/** One word of each line of the cache. */
const words = 16;
/** What any processor's own cache holds: 128 KB. */
const lines = 2048;
const rounds = 100;

/**
 * How long a look into memory takes that was looked at just before, and one that was looked at ten milliseconds before. Where others use the
 * same caches, or a processor loses its own while it sleeps, all that a program does after a pause takes a multiple of the time, and that is
 * what a request pays for that comes alone.
 *
 * @returns {Promise<{ atOnceNs: number, afterPauseNs: number }>} of one line of the cache, medians
 */
export const memoryPace = async () => {
  const next = chain();
  await looks(next, 0);
  await looks(next, 1);
  return {
    atOnceNs: await looks(next, 0),
    afterPauseNs: await looks(next, 10),
  };
};

/** Each line says which is the next, in an order that no processor foresees. */
const chain = () => {
  const order = Array.from({ length: lines }, (_, line) => line);
  for (let at = lines - 1; at > 0; at -= 1) {
    const other = Math.floor(Math.random() * (at + 1));
    [order[at], order[other]] = [order[other], order[at]];
  }
  const next = new Int32Array(lines * words);
  order.forEach((line, at) => {
    next[line * words] = order[(at + 1) % lines] * words;
  });
  return next;
};

/** @param {Int32Array} next @returns {number} where it ends: what is not used need not be looked at */
const walk = next => {
  let at = 0;
  for (let line = 0; line < lines; line += 1) at = next[at];
  return at;
};

/** @param {Int32Array} next @param {number} pauseMs */
const looks = async (next, pauseMs) => {
  const took = [];
  for (let round = 0; round < rounds; round += 1) {
    if (pauseMs > 0) await delay(pauseMs);
    const began = performance.now();
    walk(next);
    took.push(((performance.now() - began) * 1e6) / lines);
  }
  return median(took) ?? 0;
};
