/**
 * What metering costs a request: an intent, an event, both on the disk, and the event in the ledger.
 *
 * ```
 * yarn workspace @ai-gateway/gateway bench:metering postgresql://user:password@127.0.0.1:5432/postgres
 * ```
 *
 * What the load itself takes is measured without metering, and taken off.
 *
 * Makes a database on the server, which must be on this machine for its time to be told, and drops it. Ends by itself within a minute.
 */
import {
  applyMigrations,
  ensurePartitions,
} from '@ai-gateway/backstage-plugin-ai-gateway-node';
import createKnex, { type Knex } from 'knex';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PerformanceObserver } from 'node:perf_hooks';
import {
  setImmediate as turn,
  setTimeout as delay,
} from 'node:timers/promises';
import { v7 as uuidv7 } from 'uuid';
import { childrenCpuUs, parentOf } from '../testing/cost';
import { TEST_RESULT, testAttempt, testKey } from '../testing/testAttempt';
import { createLog } from '../telemetry/log';
import { openMetering, type Metering } from './openMetering';
import { intentEvent, type Attempt } from './usageEvent';

const KEYS = 20;
const UNDER_WAY = 64;
const SECONDS = 4;
/** Requests a second; the last as many as there can be. */
const RATES = [100, 1_000, 5_000, Infinity];

const keys = Array.from({ length: KEYS }, (_, n) => testKey(n));
async function main(): Promise<void> {
  const connection = process.argv[2];
  if (!connection) throw new TypeError('Say where PostgreSQL is');
  const name = `metering_bench_${process.pid}`;
  const server = createKnex({ client: 'pg', connection });
  await server.raw(`CREATE DATABASE ${name}`);
  const url = new URL(connection);
  url.pathname = name;
  const knex = createKnex({ client: 'pg', connection: url.href });
  const directory = await mkdtemp(
    join(process.argv[3] ?? tmpdir(), 'metering-bench-'),
  );
  try {
    await seed(knex);
    const metering = await openMetering({
      settings: {
        spoolDirectory: directory,
        spoolRoot: directory,
        spoolSegmentBytes: 16 * 1024 * 1024,
        spoolSync: 'always',
      },
      knex,
      place: null,
      id: uuidv7(),
      newId: uuidv7,
      onEnd: () => undefined,
      log: createLog('error'),
      now: Date.now,
    });
    try {
      await measure(metering, knex, 2_000, 1);
      const idle = idleMetering(metering);
      print(
        'requests/s   CPU µs   heap bytes   PostgreSQL µs   p50 ms   p95 ms',
      );
      for (const rate of RATES) {
        const load = await measure(idle, knex, rate, SECONDS);
        print(difference(await measure(metering, knex, rate, SECONDS), load));
      }
    } finally {
      await metering.flush(10_000);
      await metering.close();
    }
  } finally {
    await knex.destroy();
    await server.raw(`DROP DATABASE ${name}`);
    await server.destroy();
    await rm(directory, { recursive: true });
  }
}

async function seed(knex: Knex): Promise<void> {
  await applyMigrations(knex);
  await ensurePartitions(knex, Date.now());
  const by = { created_by: 'bench', updated_by: 'bench' };
  await knex('projects').insert({
    id: 'bench',
    title: 'Bench',
    owner_ref: 'group:default/bench',
    business_unit: 'bench',
    type: 'internal',
    ...by,
  });
  await knex('api_keys').insert(
    keys.map(key => ({
      id: key.id,
      project_id: key.projectId,
      owner_kind: key.ownerKind,
      owner_ref: key.ownerRef,
      label: 'bench',
      last_four: 'abcd',
      created_by: 'bench',
      revision: 1,
    })),
  );
}

type Metered = Pick<Metering, 'shipper'> & {
  readonly meter: Pick<Metering['meter'], 'begin' | 'settle'>;
};

/** Writes nothing down. */
function idleMetering({ shipper }: Metering): Metered {
  const begun = Promise.resolve();
  const settled = {
    event: intentEvent(attemptOf(0)),
    recorded: Promise.resolve(true),
  };
  return {
    shipper,
    meter: { begin: () => begun, settle: () => settled },
  };
}

/** What a request takes, and how long its begin and its end are held. */
interface Figures {
  readonly perSecond: number;
  readonly cpuUs: number;
  readonly heapBytes: number;
  readonly serverUs: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
}

/** A line of the table. */
function difference(figures: Figures, load: Figures): string {
  return [
    figures.perSecond.toFixed(0).padStart(10),
    (figures.cpuUs - load.cpuUs).toFixed(1).padStart(8),
    (figures.heapBytes - load.heapBytes).toFixed(0).padStart(12),
    (figures.serverUs - load.serverUs).toFixed(1).padStart(15),
    figures.p50Ms.toFixed(2).padStart(8),
    figures.p95Ms.toFixed(2).padStart(8),
  ].join(' ');
}

async function measure(
  { meter, shipper }: Metered,
  knex: Knex,
  rate: number,
  seconds: number,
): Promise<Figures> {
  await shipper.whenShipped();
  const postmaster = await postmasterOf(knex);
  const held: number[] = [];
  const heap = watchHeap();
  const serverBefore = childrenCpuUs(postmaster);
  const before = process.cpuUsage();
  const startedAt = performance.now();
  const endsAt = startedAt + seconds * 1_000;
  let begun = 0;
  const worker = async () => {
    while (performance.now() < endsAt) {
      begun += 1;
      const dueInMs = startedAt + (begun * 1_000) / rate - performance.now();
      if (dueInMs > 0.5) await delay(dueInMs);
      held.push(await request(meter, begun));
    }
  };
  await Promise.all(Array.from({ length: UNDER_WAY }, worker));
  await shipper.whenShipped();
  const { user, system } = process.cpuUsage(before);
  const perRequest = (amount: number) => amount / held.length;
  held.sort((a, b) => a - b);
  const at = (share: number) => held[Math.floor(held.length * share)];
  return {
    perSecond: held.length / seconds,
    cpuUs: perRequest(user + system),
    heapBytes: perRequest(heap.allocated()),
    serverUs: perRequest(childrenCpuUs(postmaster) - serverBefore),
    p50Ms: at(0.5),
    p95Ms: at(0.95),
  };
}

async function request(
  meter: Metered['meter'],
  number: number,
): Promise<number> {
  const attempt = attemptOf(number);
  const startedAt = performance.now();
  await meter.begin(attempt);
  const begunAt = performance.now();
  await turn();
  const endedAt = performance.now();
  await meter.settle(attempt, TEST_RESULT).recorded;
  return begunAt - startedAt + performance.now() - endedAt;
}

function attemptOf(number: number): Attempt {
  return testAttempt(keys[number % KEYS]);
}

/** Adds up by how much the heap grows; what is collected between two looks is missed, and is little. */
function watchHeap(): { allocated(): number } {
  let last = process.memoryUsage().heapUsed;
  let sum = 0;
  const look = () => {
    const now = process.memoryUsage().heapUsed;
    sum += Math.max(0, now - last);
    last = now;
  };
  const timer = setInterval(look, 5);
  const afterCollection = new PerformanceObserver(() => {
    last = Math.min(last, process.memoryUsage().heapUsed);
  });
  afterCollection.observe({ entryTypes: ['gc'] });
  return {
    allocated() {
      look();
      clearInterval(timer);
      afterCollection.disconnect();
      return sum;
    },
  };
}

async function postmasterOf(knex: Knex): Promise<number> {
  const { rows } = await knex.raw('SELECT pg_backend_pid() AS pid');
  return parentOf(rows[0].pid);
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

main().catch(error => {
  process.stderr.write(`${error}\n`);
  process.exitCode = 1;
});
