/**
 * What it costs to count limits: reserving and settling on three levels and on all seven, each with requests and tokens a minute, and money a
 * month.
 *
 * ```
 * yarn workspace @ai-gateway/gateway bench:limits
 * ```
 *
 * Needs `redis-server`; takes some ten seconds.
 */
import {
  MAX_AMOUNT,
  SUBJECT_KINDS,
  type LimitSubjectKind,
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
const THREE: readonly LimitSubjectKind[] = ['key', 'project', 'organisation'];

/** The levels of one of many keys, which share all that is above them. */
function entriesOf(
  keyNumber: number,
  levels: readonly LimitSubjectKind[],
): readonly ReserveEntry[] {
  return levels.flatMap(kind => {
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

async function once(
  limiter: Limiter,
  keys: readonly (readonly ReserveEntry[])[],
  timings: Timings,
): Promise<void> {
  ids += 1;
  const request = {
    holdId: `bench-${ids}`,
    ttlMs: 120_000,
    entries: keys[ids % KEYS],
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
  timings.reserve.push(reserved - asked);
  timings.settle.push(performance.now() - reserved);
}

async function run(
  limiter: Limiter,
  keys: readonly (readonly ReserveEntry[])[],
  concurrency: number,
  forMs: number,
): Promise<Timings> {
  const timings: Timings = { reserve: [], settle: [] };
  const until = performance.now() + forMs;
  await Promise.all(
    Array.from({ length: concurrency }, async () => {
      let turns = 0;
      while (performance.now() < until) {
        await once(limiter, keys, timings);
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
  levels: readonly LimitSubjectKind[],
  concurrency: number,
  redis?: Redis,
): Promise<void> {
  const keys = Array.from({ length: KEYS }, (_, n) => entriesOf(n, levels));
  for (let second = 0; second < WARM_UP_SECONDS; second += 1) {
    await run(limiter, keys, concurrency, WARM_UP_MS / WARM_UP_SECONDS);
    aheadMs += 1000;
  }
  const redisBefore = redis && (await redisCpu(redis));
  const before = process.cpuUsage();
  const { reserve, settle } = await run(limiter, keys, concurrency, RUN_MS);
  const { user, system } = process.cpuUsage(before);
  const turns = reserve.length;
  const each = (microseconds: number) => (microseconds / turns).toFixed(1);
  process.stdout.write(
    `${name}, ${keys[0].length} counters, ${concurrency} at once: ${Math.round((turns * 1000) / RUN_MS)} reserve + settle per second; ` +
      `reserve p50 ${quantile(reserve, 0.5)} ms, p99 ${quantile(reserve, 0.99)} ms; ` +
      `settle p50 ${quantile(settle, 0.5)} ms, p99 ${quantile(settle, 0.99)} ms; ` +
      `CPU of this process ${each(user + system)} µs` +
      `${redis ? `, of Redis ${each((await redisCpu(redis)) - (redisBefore ?? 0))} µs` : ''}\n`,
  );
}

/** What Redis itself spent, in µs: that does not depend on what else the computer does. */
async function redisCpu(redis: Redis): Promise<number> {
  const info = await redis.info('cpu');
  return ['used_cpu_user', 'used_cpu_sys']
    .map(name => Number(new RegExp(`${name}:([\\d.]+)`).exec(info)?.[1]))
    .reduce((sum, part) => sum + part * 1_000_000, 0);
}

async function main(): Promise<void> {
  const inProcess = InProcessLimiter.create({ clock });
  for (const levels of [THREE, SUBJECT_KINDS]) {
    await bench('In process', inProcess, levels, 1);
  }
  const server = await RedisServer.start(6393);
  const connection = connectRedis(server.url, () => {});
  try {
    await new Promise(resolve => connection.once('ready', resolve));
    const limiter = RedisLimiter.create({
      connection,
      clock,
      wallMs: clock.wallMs,
    });
    for (const levels of [THREE, SUBJECT_KINDS]) {
      for (const concurrency of [1, 8, 64]) {
        await bench('Redis', limiter, levels, concurrency, connection);
      }
    }
  } finally {
    connection.disconnect();
    await server.kill();
  }
}

main().catch(error => {
  process.stderr.write(`${error.stack}\n`);
  process.exitCode = 1;
});
