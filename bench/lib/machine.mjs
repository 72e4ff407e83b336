// @ts-check
import { spawnSync } from 'node:child_process';
import { cpus, release, totalmem } from 'node:os';

/** What the figures were taken on; no names. */
export const describeMachine = () => ({
  cores: cpus().length,
  cpu: cpus()[0]?.model ?? 'unknown',
  memoryGb: Math.round(totalmem() / 2 ** 30),
  kernel: `Linux ${release().split('-')[0]}`,
  node: process.version,
});

/** Whether processes can be kept to one core. */
export const canPin =
  cpus().length > 1 && spawnSync('taskset', ['-c', '0', 'true']).status === 0;

/**
 * Where things run: the subject has a core for itself; all others (load, upstream, Redis, PostgreSQL) share the other one.
 *
 * @param {'subject' | 'rest'} role
 * @param {boolean} pinned
 * @returns {string[]} what to put before a command
 */
export const pinning = (role, pinned) =>
  pinned ? ['taskset', '-c', role === 'subject' ? '0' : '1'] : [];
