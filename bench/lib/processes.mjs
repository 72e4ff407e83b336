// @ts-check
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/**
 * The processes of a benchmark. What they say goes to files of their own: nobody reads along, as that would cost CPU.
 *
 * @typedef {object} Started
 * @property {number} pid
 * @property {() => boolean} hasEnded
 * @property {string} logFile
 * @property {() => Promise<void>} stop
 */
export class BenchProcesses {
  /** @type {Started[]} */
  #started = [];
  #directory;

  /** @param {string} directory for what they say */
  constructor(directory) {
    this.#directory = directory;
  }

  /**
   * @param {string} name
   * @param {string[]} commandLine
   * @param {import('node:child_process').SpawnOptions & { stopSignal?: NodeJS.Signals }} [options]
   * @returns {Started}
   */
  start(name, [command, ...args], { stopSignal = 'SIGTERM', ...options } = {}) {
    const logFile = path.join(this.#directory, `${name}.log`);
    const log = openSync(logFile, 'w');
    const child = spawn(command, args, {
      ...options,
      stdio: ['ignore', log, log],
      detached: true,
    });
    closeSync(log);
    let ended = false;
    child.once('exit', () => {
      ended = true;
    });
    child.once('error', () => {
      ended = true;
    });
    const started = {
      pid: child.pid ?? -1,
      logFile,
      hasEnded: () => ended,
      stop: async () => {
        if (ended) return;
        child.kill(stopSignal);
        await Promise.race([once(child, 'exit'), delay(10_000)]);
        if (child.pid) killGroup(child.pid);
      },
    };
    this.#started.push(started);
    return started;
  }

  /** The last ones first: what others need was started before them. */
  async stop() {
    for (const started of this.#started.reverse()) await started.stop();
    this.#started = [];
  }

  kill() {
    for (const { pid, hasEnded } of this.#started) {
      if (!hasEnded()) killGroup(pid);
    }
  }
}

/** @param {number} pid */
const killGroup = pid => {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
};
