#!/usr/bin/env node
// @ts-check
/**
 * The end of a CI run: one line for each step, then `N passed, N failed` from
 * the reports that the test runners wrote.
 *
 * Takes the steps with their exit codes: `node scripts/ciSummary.mjs test=0 tsc=2`.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { reportsDir } from './lib/paths.mjs';
import {
  countJest,
  countJunit,
  countPlaywright,
  countReliability,
  countStep,
} from './lib/testReports.mjs';

const read = (/** @type {string} */ name) =>
  readFileSync(path.join(reportsDir, name), 'utf8');

/** @type {Record<string, () => import('./lib/testReports.mjs').Count[]>} */
const reportsOfStep = {
  test: () => [
    countJunit(read('scripts.xml')),
    countJest(JSON.parse(read('jest.json'))),
  ],
  reliability: () => [countReliability(JSON.parse(read('reliability.json')))],
  e2e: () => [countPlaywright(JSON.parse(read('e2e.json')))],
};

/** @param {string} step */
const reportsOf = step => {
  try {
    return reportsOfStep[step]?.() ?? [];
  } catch {
    return undefined;
  }
};

const total = { passed: 0, failed: 0 };
for (const argument of process.argv.slice(2)) {
  const [step, exitCode] = argument.split('=');
  const count = countStep(Number(exitCode), reportsOf(step));
  total.passed += count.passed;
  total.failed += count.failed;
  console.log(
    `${step.padEnd(12)} ${count.passed} passed, ${count.failed} failed`,
  );
}
console.log(`${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed === 0 ? 0 : 1;
