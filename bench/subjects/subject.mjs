// @ts-check
/**
 * What is measured, and what it gets.
 *
 * @typedef {object} Bench
 * @property {string} upstream origin
 * @property {string} directory of this run's files
 * @property {string} peersDirectory where peers are installed, once
 * @property {boolean} pinned
 * @property {import('../lib/processes.mjs').BenchProcesses} processes
 * @property {AbortSignal} signal
 *
 * @typedef {import('../lib/measure.mjs').Target & { version: string | null, settings: string }} Running
 *
 * @typedef {object} Subject
 * @property {string} name
 * @property {string} title
 * @property {(bench: Bench) => Promise<Running>} start throws Unavailable when it cannot be had here
 */
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { shortBody } from '../load/request.mjs';
import { Unavailable } from '../lib/unavailable.mjs';

const deadlineMs = 90_000;

/**
 * Waits until a subject answers a request as it is to.
 *
 * @template {Pick<Running, 'url' | 'headers' | 'model'>} T
 * @param {T} target
 * @param {import('../lib/processes.mjs').Started} started
 * @param {string} command how it was started, for a report
 * @returns {Promise<T>}
 * @throws {Unavailable} with the end of what it said
 */
export const ready = async (target, started, command) => {
  const until = Date.now() + deadlineMs;
  let last = '';
  while (Date.now() < until && !started.hasEnded()) {
    try {
      const answer = await fetch(target.url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...target.headers },
        body: shortBody(target.model),
        signal: AbortSignal.timeout(10_000),
      });
      const text = await answer.text();
      if (answer.ok && text.includes('"total_tokens"')) return target;
      last = `status ${answer.status}: ${text.slice(0, 300)}`;
    } catch (error) {
      last = String(error);
    }
    await delay(200);
  }
  const said = readFileSync(started.logFile, 'utf8').trim().split('\n');
  throw new Unavailable(command, `${last} ${said.slice(-5).join(' ')}`);
};
