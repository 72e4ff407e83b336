#!/usr/bin/env node
// @ts-check
/**
 * Runs a program of an installed package, such as `node scripts/run.mjs tsc`,
 * with a supported Node and the dependencies in place.
 */
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { inRoot } from './lib/paths.mjs';
import { prepare } from './lib/prepare.mjs';
import { Refusal, sayFailure } from './lib/terminal.mjs';

/**
 * The file behind `node_modules/.bin/<name>`, run by this Node and not by the
 * one that its first line finds.
 *
 * @param {string} name
 */
const findProgram = name => {
  const link = inRoot('node_modules', '.bin', name);
  if (!existsSync(link)) {
    throw new Refusal(`There is no program ${name} in node_modules/.bin.`);
  }
  const file = realpathSync(link);
  return /^#!.*\bnode\b/.test(readFileSync(file, 'utf8').slice(0, 200))
    ? { command: process.execPath, args: [file] }
    : { command: file, args: [] };
};

const main = async () => {
  const [name, ...args] = process.argv.slice(2);
  if (!name) {
    throw new Refusal('Say what to run: node scripts/run.mjs <program> …');
  }
  await prepare();
  const { runForeground } = await import('./lib/processes.mjs');
  const { onShutdownSignal } = await import('./lib/shutdown.mjs');
  const program = findProgram(name);
  return runForeground(
    { ...program, args: [...program.args, ...args] },
    {
      cwd: process.cwd(),
      env: process.env,
      signal: onShutdownSignal({
        onFirst: () => {},
        onInsisted: () => process.exit(130),
      }),
    },
  );
};

main().then(
  code => process.exit(code),
  error => {
    sayFailure(error);
    process.exit(1);
  },
);
