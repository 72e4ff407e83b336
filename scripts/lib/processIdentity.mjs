// @ts-check
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/**
 * A process id is given out again after its process is gone, so a pid read
 * from a file says little. Together with the time the process began it names
 * one process for good.
 *
 * @typedef {{ readonly pid: number, readonly began: string }} ProcessIdentity
 */

/**
 * @param {number} pid
 * @returns {string | undefined} when the process began, in the system's own
 *   terms; undefined when there is no such process, or it has only its exit
 *   code left
 */
export const processBegan = pid => {
  if (process.platform === 'linux') {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      // The second field is the name in parentheses and may hold anything.
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      return fields[0] === 'Z' ? undefined : fields[19];
    } catch {
      return undefined;
    }
  }
  const asked = spawnSync('ps', ['-o', 'lstart=', '-p', String(pid)], {
    encoding: 'utf8',
  });
  return asked.stdout?.trim() || undefined;
};

/**
 * @param {number} pid
 * @returns {ProcessIdentity | undefined}
 */
export const identify = pid => {
  const began = processBegan(pid);
  return began === undefined ? undefined : { pid, began };
};

/** @param {ProcessIdentity} identity */
export const isRunning = identity =>
  processBegan(identity.pid) === identity.began;

/**
 * @param {number} pid
 * @returns {string} the command line, empty when it cannot be had
 */
export const commandLine = pid => {
  if (process.platform === 'linux') {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').join(' ');
    } catch {
      return '';
    }
  }
  const asked = spawnSync('ps', ['-o', 'command=', '-p', String(pid)], {
    encoding: 'utf8',
  });
  return asked.stdout?.trim() ?? '';
};

/**
 * Sends a signal to a process that may be gone by now.
 *
 * @param {number} pid negative for a whole process group
 * @param {NodeJS.Signals} signal
 */
export const signalProcess = (pid, signal) => {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'ESRCH') {
      throw error;
    }
  }
};
