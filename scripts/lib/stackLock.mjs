// @ts-check
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { identify, isRunning, signalProcess } from './processIdentity.mjs';
import { readJson } from './secrets.mjs';
import { Refusal, warn } from './terminal.mjs';

/**
 * The lock of one data directory: `stack.json` names the process that uses it
 * and every process that one started. So two stacks never share a database
 * directory or a gateway's spool, and what a killed stack left running is
 * found and ended by the next.
 *
 * @typedef {import('./processIdentity.mjs').ProcessIdentity} ProcessIdentity
 * @typedef {object} StackRecord
 * @property {ProcessIdentity} owner
 * @property {Array<ProcessIdentity & { name: string }>} processes
 */

/** How long a leftover may take to end before it is killed. */
const leftoverGraceMs = 10_000;

/** @param {StackRecord['processes']} leftovers */
const endLeftovers = async leftovers => {
  // What writes to PostgreSQL ends before it.
  const inOrder = [
    ...leftovers.filter(({ name }) => name !== 'postgres'),
    ...leftovers.filter(({ name }) => name === 'postgres'),
  ];
  for (const leftover of inOrder) {
    if (!isRunning(leftover)) {
      continue;
    }
    warn(
      `Ending ${leftover.name} (process ${leftover.pid}), left over from a start that was killed.`,
    );
    signalProcess(
      leftover.pid,
      leftover.name === 'postgres' ? 'SIGINT' : 'SIGTERM',
    );
    const deadline = Date.now() + leftoverGraceMs;
    while (isRunning(leftover)) {
      if (Date.now() > deadline) {
        signalProcess(leftover.pid, 'SIGKILL');
      }
      await delay(50);
    }
  }
};

/**
 * @param {string} file
 * @returns {StackRecord | undefined} undefined when there is none, or a crash
 *   left half of one
 */
const readRecord = file => {
  try {
    return /** @type {StackRecord | undefined} */ (readJson(file));
  } catch {
    return undefined;
  }
};

/**
 * @param {string} dataDir
 * @returns {Promise<{
 *   record: (name: string, pid: number) => void,
 *   release: () => void,
 * }>}
 * @throws {Refusal} when another stack uses this directory
 */
export const acquireStackLock = async dataDir => {
  const file = path.join(dataDir, 'stack.json');
  const owner = identify(process.pid);
  if (!owner) {
    throw new Error('This process cannot find itself in the process table');
  }
  /** @type {StackRecord} */
  const stack = { owner, processes: [] };
  mkdirSync(dataDir, { recursive: true });

  for (;;) {
    try {
      writeFileSync(file, JSON.stringify(stack), { flag: 'wx' });
      break;
    } catch (error) {
      if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EEXIST') {
        throw error;
      }
    }
    const held = readRecord(file);
    if (held && isRunning(held.owner)) {
      throw new Refusal(
        `The stack is already running with this data, as process ${held.owner.pid}.`,
        [
          `Data: ${dataDir}`,
          `Press Ctrl-C in its terminal, or: kill ${held.owner.pid}`,
        ],
      );
    }
    await endLeftovers(held?.processes ?? []);
    rmSync(file, { force: true });
  }

  return {
    record(name, pid) {
      const identity = identify(pid);
      if (identity) {
        stack.processes.push({ name, ...identity });
        writeFileSync(`${file}.partial`, JSON.stringify(stack));
        renameSync(`${file}.partial`, file);
      }
    },
    release() {
      rmSync(file, { force: true });
    },
  };
};
