// @ts-check
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** Absolute path of the repository. */
export const rootDir = path.resolve(
  path.dirname(fileURLToPath(import.meta.url)),
  '../..',
);

/**
 * Absolute path inside the repository.
 *
 * @param {string[]} segments
 */
export const inRoot = (...segments) => path.join(rootDir, ...segments);

/** Everything the development stack keeps between two starts. */
export const defaultDataDir = inRoot('.data');

/** Where the machine-readable reports of test runs go. */
export const reportsDir = inRoot('.data', 'reports');
