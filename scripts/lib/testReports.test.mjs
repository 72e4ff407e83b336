// @ts-check
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  countJest,
  countJunit,
  countPlaywright,
  countReliability,
  countStep,
} from './testReports.mjs';

test('counts a Jest file that could not be loaded as a failure', () => {
  assert.deepEqual(
    countJest({
      numPassedTests: 7,
      numFailedTests: 2,
      numRuntimeErrorTestSuites: 1,
    }),
    { passed: 7, failed: 3 },
  );
});

test('counts a Playwright test that passed at the second try as passed', () => {
  assert.deepEqual(
    countPlaywright({
      stats: { expected: 3, flaky: 1, unexpected: 2, skipped: 4 },
      errors: [{}],
    }),
    { passed: 4, failed: 3 },
  );
});

test('counts the cases of a JUnit report without the skipped ones', () => {
  assert.deepEqual(
    countJunit(
      '<testcase name="a"/><testcase name="b"><failure type="x"></failure></testcase><testcase name="c"><skipped/></testcase>',
    ),
    { passed: 1, failed: 1 },
  );
});

test('counts each claim of a reliability scenario, and one that broke down as a failure', () => {
  assert.deepEqual(
    countReliability({
      results: [
        { state: 'passed', checks: [{ held: true }, { held: true }] },
        { state: 'failed', checks: [{ held: true }, { held: false }] },
        { state: 'failed', checks: [] },
        { state: 'not run', checks: [] },
      ],
    }),
    { passed: 3, failed: 2 },
  );
});

test('counts a step without reports as one test', () => {
  assert.deepEqual(countStep(0, []), { passed: 1, failed: 0 });
  assert.deepEqual(countStep(2, []), { passed: 0, failed: 1 });
});

test('counts a failure when the report is missing or knows of none', () => {
  assert.deepEqual(countStep(0, undefined), { passed: 0, failed: 1 });
  assert.deepEqual(countStep(1, [{ passed: 5, failed: 0 }]), {
    passed: 5,
    failed: 1,
  });
  assert.deepEqual(countStep(1, [{ passed: 5, failed: 2 }]), {
    passed: 5,
    failed: 2,
  });
});
