// @ts-check
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import readline from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { signalProcess } from './processIdentity.mjs';
import { bold, red } from './terminal.mjs';

/** How many of its last lines a process that crashed is quoted with. */
const quotedLines = 25;

/**
 * @typedef {object} ProcessSpec
 * @property {string} name what its lines are prefixed with
 * @property {string} command
 * @property {string[]} args
 * @property {string} cwd
 * @property {NodeJS.ProcessEnv} env
 * @property {number} [uid]
 * @property {number} [gid]
 * @property {NodeJS.Signals} [stopSignal] asks it to end; SIGTERM by default
 * @property {number} [graceMs] how long it may take to; 15 s by default
 * @property {RegExp} [hide] lines that are of no use to anybody
 * @property {boolean} [last] stopped only after all others have ended
 *
 * @typedef {object} Crash a process that ended though nobody asked it to
 * @property {string} name
 * @property {string} how such as `exit code 1`
 * @property {string[]} lastLines
 *
 * @typedef {object} RunningProcess
 * @property {ProcessSpec} spec
 * @property {number} pid
 * @property {() => boolean} hasEnded
 * @property {Promise<void>} ended
 */

/**
 * The child processes of one run, under one log.
 *
 * Each is the leader of a process group of its own, so Ctrl-C in the terminal
 * reaches only this process, which then ends the others in order. The first
 * that ends without being asked is the run's crash.
 */
export class Processes {
  /** @type {RunningProcess[]} */
  #running = [];
  #stopping = false;
  #output;
  #onSpawn;
  /** @type {(crash: Crash) => void} */
  #reportCrash = () => {};

  /**
   * @param {object} options
   * @param {(name: string, line: string) => void} options.output takes each line
   * @param {(name: string, pid: number) => void} [options.onSpawn]
   */
  constructor({ output, onSpawn = () => {} }) {
    this.#output = output;
    this.#onSpawn = onSpawn;
    /** @type {Promise<Crash>} */
    this.crashed = new Promise(resolve => {
      this.#reportCrash = resolve;
    });
  }

  /**
   * @param {ProcessSpec} spec
   * @returns {RunningProcess}
   */
  start(spec) {
    if (this.#stopping) {
      throw new Error(`${spec.name} was started during the shutdown`);
    }
    const child = spawn(spec.command, spec.args, {
      cwd: spec.cwd,
      env: spec.env,
      uid: spec.uid,
      gid: spec.gid,
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    /** @type {string[]} */
    const lastLines = [];
    for (const stream of [child.stdout, child.stderr]) {
      readline.createInterface({ input: stream }).on('line', line => {
        if (spec.hide?.test(line)) return;
        lastLines.push(line);
        if (lastLines.length > quotedLines) lastLines.shift();
        this.#output(spec.name, line);
      });
    }
    let hasEnded = false;
    const ended = new Promise(resolve => {
      const end = (/** @type {string} */ how) => {
        if (hasEnded) return;
        hasEnded = true;
        resolve(undefined);
        if (!this.#stopping) {
          // A moment later, so that what it said last has been read.
          setTimeout(() => {
            this.#output(spec.name, red(bold(`CRASHED (${how})`)));
            this.#reportCrash({ name: spec.name, how, lastLines });
          }, 100);
        }
      };
      child.once('error', error => end(error.message));
      child.once('exit', (code, signal) =>
        end(signal ? `signal ${signal}` : `exit code ${code}`),
      );
    }).then(() => undefined);

    /** @type {RunningProcess} */
    const running = {
      spec,
      pid: child.pid ?? -1,
      hasEnded: () => hasEnded,
      ended,
    };
    if (child.pid !== undefined) {
      this.#running.push(running);
      this.#onSpawn(spec.name, child.pid);
    }
    return running;
  }

  /**
   * Asks a process to end, and kills it with its whole group if it does not.
   *
   * @param {RunningProcess} running
   */
  async #stop(running) {
    const { spec, pid, ended } = running;
    if (!running.hasEnded()) {
      signalProcess(pid, spec.stopSignal ?? 'SIGTERM');
      const timer = new AbortController();
      await Promise.race([
        ended,
        delay(spec.graceMs ?? 15_000, undefined, {
          signal: timer.signal,
        }).catch(() => {}),
      ]);
      timer.abort();
      if (!running.hasEnded()) {
        this.#output(spec.name, 'did not end when asked to, killing it');
      }
    }
    // What it started itself (compilers, workers) goes with it.
    signalProcess(-pid, 'SIGKILL');
    await ended;
  }

  /** Ends everything: the others first and at once, then what is `last`. */
  async stop() {
    this.#stopping = true;
    for (const last of [false, true]) {
      await Promise.all(
        this.#running
          .filter(({ spec }) => Boolean(spec.last) === last)
          .map(running => this.#stop(running)),
      );
    }
  }

  /** Ends everything now, for when there is no time left to do it well. */
  kill() {
    this.#stopping = true;
    for (const { pid, hasEnded } of this.#running) {
      if (!hasEnded()) signalProcess(-pid, 'SIGKILL');
    }
  }
}

/**
 * @typedef {object} ForegroundCommand
 * @property {string} command
 * @property {string[]} args
 */

/**
 * Runs one command to its end in the foreground, on our own terminal.
 *
 * @param {ForegroundCommand} what
 * @param {object} options
 * @param {string} options.cwd
 * @param {NodeJS.ProcessEnv} options.env
 * @param {AbortSignal} options.signal asks the command to end
 * @returns {Promise<number>} its exit code; 1 when a signal ended it
 */
export const runForeground = async (
  { command, args },
  { cwd, env, signal },
) => {
  signal.throwIfAborted();
  const child = spawn(command, args, { cwd, env, stdio: 'inherit' });
  const ended = once(child, 'exit');
  const end = () => child.kill('SIGTERM');
  signal.addEventListener('abort', end, { once: true });
  try {
    const [code] = await ended;
    return code ?? 1;
  } finally {
    signal.removeEventListener('abort', end);
  }
};
