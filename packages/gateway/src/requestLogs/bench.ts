/**
 * What the log of a request costs: until it waits for its batch, and from there into PostgreSQL.
 *
 * ```
 * yarn workspace @ai-gateway/gateway bench:request-logs postgresql://user:password@127.0.0.1:5432/postgres
 * ```
 *
 * Makes a database on the server, which must be on this machine for its time to be told, and drops it. Takes some ten seconds.
 */
import {
  applyMigrations,
  DatabaseRequestLogStore,
  ensurePartitions,
  type RequestLog,
  type RequestLogStore,
} from '@ai-gateway/backstage-plugin-ai-gateway-node';
import createKnex from 'knex';
import { getHeapStatistics } from 'node:v8';
import { v7 as uuidv7 } from 'uuid';
import { settledEvent } from '../metering/usageEvent';
import { createLog } from '../telemetry/log';
import { childrenCpuUs, costOf, parentOf } from '../testing/cost';
import { TEST_RESULT, testAttempt, testKey } from '../testing/testAttempt';
import { testExchange } from '../testing/testExchange';
import { requestLogOf } from './requestLogOf';
import { RequestLogs } from './RequestLogs';
import { RequestTrail } from './RequestTrail';

const BATCHES = 40;
/** What gathers in half a second at a hundred requests a second, and a full batch. */
const SIZES = [50, 1_000];
const BODY = JSON.stringify({
  model: 'house-model',
  messages: [
    { role: 'user', content: 'What the moon is "made of". '.repeat(70) },
  ],
});

const requests = Array.from({ length: 20 }, (_, n) => {
  const key = testKey(n);
  const event = settledEvent(testAttempt(key), TEST_RESULT);
  return { key, exchange: testExchange(key), events: [event] };
});
const requestOf = (n: number) => requests[n % requests.length];

async function main(): Promise<void> {
  const connection = process.argv[2];
  if (!connection) throw new TypeError('Say where PostgreSQL is');
  await measureGathering();
  const name = `request_logs_bench_${process.pid}`;
  const server = createKnex({ client: 'pg', connection });
  await server.raw(`CREATE DATABASE ${name}`);
  const url = new URL(connection);
  url.pathname = name;
  const knex = createKnex({ client: 'pg', connection: url.href });
  try {
    await applyMigrations(knex);
    await ensurePartitions(knex, Date.now());
    const { rows } = await knex.raw('SELECT pg_backend_pid() AS pid');
    const postmaster = parentOf(rows[0].pid);
    const store = DatabaseRequestLogStore.create({ knex, now: Date.now });
    for (const body of [null, BODY]) {
      for (const size of SIZES) {
        await measureStoring(store, postmaster, size, body);
      }
    }
  } finally {
    await knex.destroy();
    await server.raw(`DROP DATABASE ${name}`);
    await server.destroy();
  }
}

async function measureGathering(): Promise<void> {
  const logs = RequestLogs.create({
    store: {
      append: async () => undefined,
      search: async () => ({ items: [], nextCursor: null }),
      get: async () => undefined,
      dropBefore: async () => ({ months: 0, rows: 0 }),
      ensureSchema: async () => undefined,
      close: async () => undefined,
    },
    capture: { mode: 'off', maxBytes: 65_536 },
    rules: { size: 1, version: 1, of: () => [] },
    log: createLog('error'),
    random: Math.random,
  });
  const { microseconds, bytes } = await costOf(n => {
    const { key, exchange, events } = requestOf(n);
    const trail = new RequestTrail();
    logs.follow({ ...exchange, trail }, key);
    trail.booked(events);
    trail.handled();
    trail.closed(performance.now());
  });
  await logs.close(0);
  print(
    `from a request to a batch: ${microseconds.toFixed(2)} µs, ${bytes.toFixed(0)} bytes`,
  );
}

async function measureStoring(
  store: Pick<RequestLogStore, 'append'>,
  postmaster: number,
  size: number,
  body: string | null,
): Promise<void> {
  const batch = () => Array.from({ length: size }, (_, n) => logOf(n, body));
  for (let i = 0; i < 5; i++) await store.append(batch());
  const batches = Array.from({ length: BATCHES }, batch);
  const serverBefore = childrenCpuUs(postmaster);
  const before = process.cpuUsage();
  let bytes = 0;
  for (const each of batches) {
    const heapBefore = getHeapStatistics().used_heap_size;
    await store.append(each);
    bytes += Math.max(0, getHeapStatistics().used_heap_size - heapBefore);
  }
  const { user, system } = process.cpuUsage(before);
  const perLog = (amount: number) => amount / size / BATCHES;
  const serverUs = childrenCpuUs(postmaster) - serverBefore;
  print(
    [
      `${size} at once, ${body ? `two bodies of ${body.length} bytes` : 'no bodies'}:`,
      `${perLog(user + system).toFixed(2)} µs, ${perLog(bytes).toFixed(0)} bytes,`,
      `PostgreSQL ${perLog(serverUs).toFixed(2)} µs each`,
    ].join(' '),
  );
}

function logOf(n: number, text: string | null): RequestLog {
  const { key, exchange, events } = requestOf(n);
  const body =
    text === null ? null : { text, bytes: text.length, truncated: false };
  return {
    ...requestLogOf(exchange, {
      key,
      events,
      requestBody: null,
      responseBody: null,
      endedAt: performance.now(),
    }),
    requestId: uuidv7(),
    occurredAt: Date.now(),
    requestBody: body,
    responseBody: body,
  };
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

main().then(
  () => process.exit(0),
  error => {
    process.stderr.write(`${error}\n`);
    process.exit(1);
  },
);
