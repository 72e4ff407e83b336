// @ts-check
/**
 * What processes use, as Linux tells it.
 */
import { readFileSync, readdirSync } from 'node:fs';

/** Of the kernel's clock in `/proc/<pid>/stat`; 100 on every Linux there is. */
const ticksPerSecond = 100;

/**
 * @param {number} pid
 * @returns {{ parent: number, cpuMs: number } | undefined} undefined when there is no such process
 */
const statOf = pid => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field is the name in parentheses and may hold anything.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return {
      parent: Number(fields[1]),
      cpuMs:
        ((Number(fields[11]) + Number(fields[12])) * 1000) / ticksPerSecond,
    };
  } catch {
    return undefined;
  }
};

/**
 * A process and all that it has started.
 *
 * @param {number} root
 * @returns {number[]}
 */
export const treeOf = root => {
  const tree = [root];
  const others = readdirSync('/proc')
    .map(Number)
    .filter(pid => pid > 0 && pid !== root)
    .map(pid => ({ pid, parent: statOf(pid)?.parent }));
  for (const known of tree) {
    tree.push(...others.filter(o => o.parent === known).map(o => o.pid));
  }
  return tree;
};

/** @param {number[]} pids @returns {number} milliseconds of CPU, in user and kernel */
export const cpuMsOf = pids =>
  pids.reduce((sum, pid) => sum + (statOf(pid)?.cpuMs ?? 0), 0);

/** @param {number[]} pids @returns {number} bytes that are in memory */
export const residentBytesOf = pids =>
  pids.reduce((sum, pid) => {
    try {
      const status = readFileSync(`/proc/${pid}/status`, 'utf8');
      return sum + Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? 0) * 1024;
    } catch {
      return sum;
    }
  }, 0);

/** @returns {number} processes that want to run, averaged over a minute */
export const loadAverage = () =>
  Number(readFileSync('/proc/loadavg', 'utf8').split(' ')[0]);
