/**
 * How fast limits are counted: reserving and settling on seven levels, each with requests and tokens a minute, and money a month.
 *
 * ```
 * node -r @backstage/cli/config/nodeTransform.cjs src/limits/bench.ts
 * ```
 *
 * Needs `redis-server`; takes some ten seconds.
 */
import {
  MAX_AMOUNT,
  SUBJECT_KINDS,
} from '@ai-gateway/backstage-plugin-ai-gateway-node';
import type { Redis } from 'ioredis';
import type { Clock } from './clock';
import { InProcessLimiter } from './InProcessLimiter';
import type { Limiter, ReserveEntry } from './Limiter';
import { connectRedis } from './redis/connectRedis';
import { RedisLimiter } from './redis/RedisLimiter';
import { RedisServer } from './testing/RedisServer';

const RUN_MS = 2000;
const WARM_UP_MS = 500;
const WARM_UP_SECONDS = 60;
const KEYS = 200;

/** The levels of one of many keys, which share all that is above them. */
function entriesOf(keyNumber: number): readonly ReserveEntry[] {
  return SUBJECT_KINDS.flatMap(kind => {
    const subject = { kind, id: kind === 'key' ? `k${keyNumber}` : 'shared' };
    const limit = MAX_AMOUNT;
    return [
      {
        counter: { subject, measure: 'requests', window: 'minute' },
        limit,
        amount: 1,
      },
      {
        counter: { subject, measure: 'tokens', window: 'minute' },
        limit,
        amount: 700,
        least: 100,
      },
      {
        counter: { subject, measure: 'money', window: 'month' },
        limit,
        amount: 450_000,
        least: 50_000,
      },
    ] as const;
  });
}

interface Timings {
  readonly reserve: number[];
  readonly settle: number[];
}

/** Runs as time does, and is put ahead by a minute while warming up, so that busy counters have all the slices they ever have. */
let aheadMs = 0;
const clock: Clock = {
  wallMs: () => Date.now() + aheadMs,
  monotonicMs: () => performance.now() + aheadMs,
};

let ids = 0;
let redisTurns = 0;

async function once(limiter: Limiter, timings: Timings): Promise<void> {
  ids += 1;
  const request = {
    holdId: `bench-${ids}`,
    ttlMs: 120_000,
    entries: entriesOf(ids % KEYS),
  };
  const asked = performance.now();
  let result = await limiter.reserve(request);
  if (result.outcome === 'needs-seed') {
    await limiter.seed(result.needsSeed.map(need => ({ ...need, spent: 0 })));
    result = await limiter.reserve(request);
  }
  const reserved = performance.now();
  if (result.outcome !== 'admitted') throw new Error(result.outcome);
  await limiter.settle(result.hold, { tokens: 512, money: 321_000 });
  if (result.hold.store === 'shared') redisTurns += 1;
  timings.reserve.push(reserved - asked);
  timings.settle.push(performance.now() - reserved);
}

async function run(
  limiter: Limiter,
  concurrency: number,
  forMs: number,
): Promise<Timings> {
  const timings: Timings = { reserve: [], settle: [] };
  const until = performance.now() + forMs;
  await Promise.all(
    Array.from({ length: concurrency }, async () => {
      let turns = 0;
      while (performance.now() < until) {
        await once(limiter, timings);
        turns += 1;
        // What is done in process never waits, and would let nobody else in.
        if (turns % 100 === 0) await new Promise(setImmediate);
      }
    }),
  );
  return timings;
}

function quantile(values: readonly number[], part: number): string {
  const sorted = [...values].sort((a, b) => a - b);
  const at = Math.min(sorted.length - 1, Math.floor(sorted.length * part));
  return sorted[at].toFixed(3);
}

async function bench(
  name: string,
  limiter: Limiter,
  concurrency: number,
): Promise<void> {
  for (let second = 0; second < WARM_UP_SECONDS; second += 1) {
    await run(limiter, concurrency, WARM_UP_MS / WARM_UP_SECONDS);
    aheadMs += 1000;
  }
  const { reserve, settle } = await run(limiter, concurrency, RUN_MS);
  const perSecond = Math.round((reserve.length * 1000) / RUN_MS);
  process.stdout.write(
    `${name}, ${concurrency} at once: ${perSecond} reserve + settle per second; ` +
      `reserve p50 ${quantile(reserve, 0.5)} ms, p99 ${quantile(reserve, 0.99)} ms; ` +
      `settle p50 ${quantile(settle, 0.5)} ms, p99 ${quantile(settle, 0.99)} ms\n`,
  );
}

/** What Redis itself spent, which does not depend on what else the computer does. */
async function reportCpu(connection: Redis): Promise<void> {
  const info = await connection.info('cpu');
  const seconds = ['used_cpu_user', 'used_cpu_sys']
    .map(name => Number(new RegExp(`${name}:([\\d.]+)`).exec(info)?.[1]))
    .reduce((sum, part) => sum + part, 0);
  const each = Math.round((seconds * 1_000_000) / redisTurns);
  process.stdout.write(`Redis: ${each} µs of CPU for a reserve + settle\n`);
}

async function main(): Promise<void> {
  process.stdout.write(`7 levels, ${entriesOf(0).length} counters a request\n`);
  await bench('in process', InProcessLimiter.create({ clock }), 1);
  const server = await RedisServer.start(6393);
  const connection = connectRedis(server.url, () => {});
  try {
    await new Promise(resolve => connection.once('ready', resolve));
    const limiter = RedisLimiter.create({
      connection,
      clock,
      wallMs: clock.wallMs,
    });
    await bench('Redis', limiter, 1);
    await bench('Redis', limiter, 32);
    await reportCpu(connection);
  } finally {
    connection.disconnect();
    await server.kill();
  }
}

main().catch(error => {
  process.stderr.write(`${error.stack}\n`);
  process.exitCode = 1;
});
