// @ts-check
import { spawnSync } from 'node:child_process';
import { stripVTControlCharacters } from 'node:util';
import { Unavailable } from './unavailable.mjs';

/**
 * Runs a command of a package manager to its end.
 *
 * @param {string[]} commandLine
 * @param {import('node:child_process').SpawnSyncOptions & { shown?: string }} [options] `shown`: how to name it in a report
 * @returns {string} what it printed
 * @throws {Unavailable} with the end of what it said
 */
export const runOrUnavailable = ([command, ...args], options = {}) => {
  const { shown = [command, ...args].join(' '), ...rest } = options;
  const run = spawnSync(command, args, {
    timeout: 600_000,
    maxBuffer: 1 << 26,
    ...rest,
    encoding: 'utf8',
  });
  if (run.status === 0) return run.stdout;
  const said = stripVTControlCharacters(
    run.error?.message ?? `${run.stderr}${run.stdout}`,
  );
  throw new Unavailable(shown, said.trim().split('\n').slice(-3).join(' '));
};
