// @ts-check
/**
 * Sends requests at a fixed rate, whether earlier ones have been answered or not, and prints how long each took.
 *
 * Reads its task from the environment: BENCH_TASK, a JSON of `{ url, headers, body, perSecond, seconds }`.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { Pool } from 'undici';

const task = JSON.parse(process.env.BENCH_TASK ?? '{}');
const url = new URL(task.url);
const pool = new Pool(url.origin, { connections: null, pipelining: 1 });

/** @type {number[]} */
const took = [];
let failed = 0;

const once = async (/** @type {boolean} */ counts) => {
  const began = performance.now();
  try {
    const { statusCode, body } = await pool.request({
      method: 'POST',
      path: url.pathname,
      headers: { 'content-type': 'application/json', ...task.headers },
      body: task.body,
      headersTimeout: 20_000,
    });
    await body.dump({ limit: 1 << 20 });
    if (statusCode !== 200) throw new Error(`status ${statusCode}`);
    if (counts) took.push(performance.now() - began);
  } catch {
    failed += 1;
  }
};

/** @param {number} seconds @param {boolean} counts */
const run = async (seconds, counts) => {
  const count = Math.round(seconds * task.perSecond);
  const start = performance.now();
  /** @type {Promise<void>[]} */
  const all = [];
  for (let i = 0; i < count; i += 1) {
    const due = start + (i * 1000) / task.perSecond;
    const wait = due - performance.now();
    if (wait > 0) await delay(wait);
    all.push(once(counts));
  }
  await Promise.all(all);
};

await run(1, false);
await run(task.seconds, true);
took.sort((a, b) => a - b);
const quantile = (/** @type {number} */ part) =>
  took[Math.min(took.length - 1, Math.floor(took.length * part))] ?? null;
process.stdout.write(
  `${JSON.stringify({
    requests: took.length,
    failed,
    p50: quantile(0.5),
    p95: quantile(0.95),
    p99: quantile(0.99),
  })}\n`,
);
await pool.destroy();
