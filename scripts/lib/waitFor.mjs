// @ts-check
import { setTimeout as delay } from 'node:timers/promises';
import { Refusal } from './terminal.mjs';

/**
 * Asks again and again until the answer is there.
 *
 * @template T
 * @param {string} what named when it never comes
 * @param {(signal: AbortSignal) => Promise<T | undefined>} probe undefined,
 *   or a failure, means not yet
 * @param {object} options
 * @param {number} options.deadlineMs
 * @param {AbortSignal} options.signal gives up at once
 * @param {number} [options.everyMs]
 * @returns {Promise<T>}
 */
export const waitFor = async (
  what,
  probe,
  { deadlineMs, signal, everyMs = 200 },
) => {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(deadlineMs)]);
  /** @type {unknown} */
  let lastFailure;
  while (!limit.aborted) {
    try {
      const answer = await probe(limit);
      if (answer !== undefined) {
        return answer;
      }
    } catch (error) {
      if (error instanceof Refusal) {
        throw error;
      }
      lastFailure = error;
    }
    await delay(everyMs, undefined, { signal: limit }).catch(() => {});
  }
  signal.throwIfAborted();
  const why =
    lastFailure instanceof Error
      ? [`The last try: ${describe(lastFailure)}`]
      : [];
  throw new Refusal(
    `${what} did not answer within ${Math.round(deadlineMs / 1000)} s.`,
    why,
  );
};

/** @param {Error} error */
const describe = error =>
  error.cause instanceof Error
    ? `${error.message}: ${error.cause.message || error.cause.name}`
    : error.message;

/**
 * Waits until a URL answers with success.
 *
 * @param {string} what
 * @param {string} url
 * @param {object} options
 * @param {number} options.deadlineMs
 * @param {AbortSignal} options.signal
 * @param {Record<string, string>} [options.headers]
 * @returns {Promise<void>}
 */
export const waitForHttp = (what, url, { headers = {}, ...options }) =>
  waitFor(
    what,
    async signal => {
      const response = await fetch(url, { headers, signal });
      await response.arrayBuffer();
      if (!response.ok) {
        throw new Error(`${url} answered ${response.status}`);
      }
      return true;
    },
    options,
  ).then(() => undefined);
