// @ts-check

/**
 * Counts what test runners report.
 *
 * @typedef {{ passed: number, failed: number }} Count
 */

/**
 * @param {any} report of Jest's `--json`
 * @returns {Count}
 */
export const countJest = report => ({
  passed: report.numPassedTests,
  // A file that could not even be loaded has no tests that could fail.
  failed: report.numFailedTests + report.numRuntimeErrorTestSuites,
});

/**
 * @param {any} report of Playwright's `json` reporter
 * @returns {Count}
 */
export const countPlaywright = ({ stats, errors = [] }) => ({
  passed: stats.expected + stats.flaky,
  failed: stats.unexpected + errors.length,
});

/**
 * @param {string} xml of Node's `junit` reporter
 * @returns {Count}
 */
export const countJunit = xml => {
  const cases = xml.match(/<testcase\b/g)?.length ?? 0;
  const failed = xml.match(/<failure\b/g)?.length ?? 0;
  const skipped = xml.match(/<skipped\b/g)?.length ?? 0;
  return { passed: cases - failed - skipped, failed };
};

/**
 * @param {any} report of the reliability scenarios; each claim counts as a test
 * @returns {Count}
 */
export const countReliability = ({ results }) => {
  const count = { passed: 0, failed: 0 };
  for (const { state, checks } of results) {
    const held = checks.filter((/** @type {any} */ { held }) => held).length;
    count.passed += held;
    count.failed += checks.length - held;
    // It broke down before it could check anything.
    if (state === 'failed' && held === checks.length) count.failed += 1;
  }
  return count;
};

/**
 * What a step of a CI run counts for.
 *
 * @param {number} exitCode
 * @param {Count[] | undefined} reports of its test runners; undefined when a
 *   report is missing, and a step without reports counts as one test
 * @returns {Count}
 */
export const countStep = (exitCode, reports) => {
  const passed = (reports ?? []).reduce((sum, one) => sum + one.passed, 0);
  const failed = (reports ?? []).reduce((sum, one) => sum + one.failed, 0);
  if (reports?.length === 0) {
    return exitCode === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
  }
  // It failed, though no test that it tells of did.
  const unexplained = reports === undefined || (exitCode !== 0 && failed === 0);
  return { passed, failed: failed + (unexplained ? 1 : 0) };
};
