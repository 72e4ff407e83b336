// @ts-check
import { fileURLToPath } from 'node:url';
import { pinning } from './machine.mjs';
import { findPort } from '../../scripts/lib/ports.mjs';
import { waitForHttp } from '../../scripts/lib/waitFor.mjs';

/**
 * @param {object} options
 * @param {import('./processes.mjs').BenchProcesses} options.processes
 * @param {boolean} options.pinned
 * @param {number} options.tokens
 * @param {number} options.everyMs
 * @param {AbortSignal} options.signal
 * @returns {Promise<string>} its origin
 */
export const startUpstream = async ({
  processes,
  pinned,
  tokens,
  everyMs,
  signal,
}) => {
  const port = await findPort(21_000);
  processes.start('upstream', [
    ...pinning('rest', pinned),
    process.execPath,
    fileURLToPath(new URL('../upstream/main.mjs', import.meta.url)),
    String(port),
    String(tokens),
    String(everyMs),
  ]);
  const origin = `http://127.0.0.1:${port}`;
  await waitForHttp('The upstream', `${origin}/v1/models`, {
    deadlineMs: 10_000,
    signal,
  });
  return origin;
};
