import { ClickHouseRequestLogStore } from '@ai-gateway/backstage-plugin-ai-gateway-node';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Findings } from '../Findings';
import { percentile } from '../figures/percentile';
import { checkLedger } from '../ledger/checkLedger';
import { Load } from '../load/Load';
import { seededRandom, wholeBetween } from '../load/random';
import { describeSeen, type Seen } from '../load/Seen';
import { ClickHouse } from '../rig/ClickHouse';
import { eventually } from '../rig/eventually';
import type { GatewayProcess } from '../rig/GatewayProcess';
import { metric } from '../rig/metric';
import { MODEL, PRICE, Rig } from '../rig/Rig';
import type { Scenario, Surroundings } from '../Scenario';

const ROUNDS = { short: 1, long: 3 };
const OUTAGE_MS = { short: 2_000, long: 10_000 };
const WORKERS = 12;
const DECLARED_MS = 30_000;
const RECOVERED_MS = 60_000;
/**
 * Most requests wait for nothing. One whose budget is known neither to Redis, which does not answer in time, nor to this gateway, asks the
 * ledger, and waits for it for three seconds at most.
 */
const LATENCY_BOUND_MS = 4_000;

const QUEUED = 'aigateway_request_logs_queued';
/** Below this they are on their way, and above it they wait. */
const MANY_QUEUED = 200;

/** Something that the gateway stands on, and how to take it away. */
interface Support {
  readonly name: string;
  readonly kill: () => Promise<void>;
  readonly start: () => Promise<void>;
  readonly freeze: () => Promise<void>;
  readonly thaw: () => Promise<void>;
  /** Whether the gateway says that it is gone. */
  readonly declared: (gateway: GatewayProcess) => Promise<boolean>;
}

/** What the gateway stands on dies and freezes under load, and no client notices. */
export const outages: Scenario = {
  name: 'outages',
  title:
    'PostgreSQL, Redis and ClickHouse are killed and frozen under load: no client error, bounded latency, declared, recovered without a restart, nothing lost',
  run: surroundings =>
    Rig.with(
      surroundings,
      { pace: { firstTokenMs: 5, tokensPerSecond: 500 }, redis: true },
      rig => run(rig, surroundings),
    ),
};

async function run(
  rig: Rig,
  { form, seed, signal, say, logDirectory }: Surroundings,
): Promise<Findings> {
  const findings = new Findings();
  const random = seededRandom(seed);
  const directory = join(rig.parts.directory, 'clickhouse');
  await mkdir(directory);
  const clickHouse = await ClickHouse.start({
    directory,
    logFile: join(logDirectory, 'clickhouse.log'),
  });
  rig.onClose(() => clickHouse.kill());
  // As the control plane does.
  const store = ClickHouseRequestLogStore.create({
    url: clickHouse.url,
    database: 'ai_gateway',
  });
  await store.ensureSchema();
  await store.close();
  // Each level, so that every request asks Redis; and more than enough, so that nobody is refused.
  const { plane } = rig.parts;
  const level = { subjectKind: 'project', subjectId: plane.project };
  await plane.addLimit({ ...level, measure: 'requests', amount: 10_000_000 });
  await plane.addLimit({ ...level, measure: 'tokens', amount: 1_000_000_000 });
  await plane.addBudget({
    ...level,
    amount: 1_000_000_000_000n,
    whenDegraded: 'share',
  });
  const gateway = await rig.addGateway({
    settings: {
      requestLogs: {
        store: 'clickhouse',
        clickhouse: { url: clickHouse.url },
      },
    },
  });
  await gateway.start();
  const load = Load.start({
    client: rig.client({ timeoutMs: 20_000 }),
    workers: WORKERS,
    maxRequests: 1_000_000,
    maxMs: 40 * 60_000,
    pauseMs: 20,
    target: () => gateway.url,
    question: index => ({
      requestId: `request-${index}`,
      model: MODEL,
      streamed: random() < 0.5,
      maxTokens: wholeBetween(random, 1, 30),
    }),
  });
  const calmFrom = performance.now();
  await delay(2_000);
  const calm = latenciesOf(load.seen, calmFrom, performance.now());
  findings.figure('calm: latency p99 ms', Math.round(percentile(calm, 99)));

  for (const support of supportsOf(rig, clickHouse, signal)) {
    for (const [what, take, giveBack] of [
      ['killed', support.kill, support.start],
      ['frozen', support.freeze, support.thaw],
    ] as const) {
      const latencies: number[] = [];
      const declared: number[] = [];
      const recovered: number[] = [];
      for (let round = 1; round <= ROUNDS[form] && !signal.aborted; round++) {
        const from = performance.now();
        await take();
        const saidSo = await eventually(() => support.declared(gateway), {
          withinMs: DECLARED_MS,
          everyMs: 50,
        });
        if (saidSo) declared.push(performance.now() - from);
        await delay(OUTAGE_MS[form]);
        latencies.push(...latenciesOf(load.seen, from, performance.now()));
        await giveBack();
        const backAt = performance.now();
        const wellAgain = await eventually(
          async () => !(await support.declared(gateway)),
          { withinMs: RECOVERED_MS, everyMs: 50 },
        );
        if (wellAgain) recovered.push(performance.now() - backAt);
        await delay(1_000);
      }
      const name = `${support.name} ${what}`;
      say(name);
      const most = Math.round(percentile(latencies, 100));
      findings.figure(
        `${name}: latency p50, p99, most, ms`,
        [50, 99, 100]
          .map(percent => Math.round(percentile(latencies, percent)))
          .join(', '),
      );
      findings.figure(`${name}: declared after, ms`, longest(declared));
      findings.figure(`${name}: recovered after, ms`, longest(recovered));
      findings.check(
        `${name}: said so, and was well again without a restart`,
        declared.length === ROUNDS[form] && recovered.length === ROUNDS[form],
        `${declared.length} and ${recovered.length} of ${ROUNDS[form]}`,
      );
      findings.check(
        `${name}: no request took longer than ${LATENCY_BOUND_MS} ms`,
        latencies.length > 0 && most < LATENCY_BOUND_MS,
        `${most} ms, of ${latencies.length} requests`,
      );
    }
  }
  const seen = await load.stop();
  findings.figure('requests', seen.length);
  findings.checkNone(
    'no client saw an error',
    seen.filter(({ kind }) => kind !== 'complete').map(describeSeen),
  );
  await checkLedger(findings, { ledger: rig.ledger, seen, price: PRICE });
  await checkRequestLogs(findings, { clickHouse, gateway, seen });
  return findings;
}

function supportsOf(
  rig: Rig,
  clickHouse: ClickHouse,
  signal: AbortSignal,
): Support[] {
  const { postgres, redis } = rig.parts;
  if (!redis) throw new Error('The rig has no Redis');
  return [
    {
      name: 'PostgreSQL',
      kill: () => postgres.kill(),
      start: () => postgres.start(signal),
      freeze: () => postgres.freeze(),
      thaw: () => postgres.thaw(),
      declared: async gateway =>
        (await gateway.readiness()).warnings.some(warning =>
          warning.includes('database'),
        ) || metric(await gateway.metrics(), 'aigateway_ledger_unwritable') > 0,
    },
    {
      name: 'Redis',
      kill: () => redis.kill(),
      start: () => redis.start(),
      freeze: async () => redis.freeze(),
      thaw: async () => redis.thaw(),
      declared: async gateway =>
        (await gateway.readiness()).warnings.some(warning =>
          warning.includes('Redis'),
        ),
    },
    {
      name: 'ClickHouse',
      kill: () => clickHouse.kill(),
      start: () => clickHouse.start(),
      freeze: async () => clickHouse.freeze(),
      thaw: async () => clickHouse.thaw(),
      declared: async gateway =>
        metric(await gateway.metrics(), QUEUED) > MANY_QUEUED,
    },
  ];
}

/** How long requests took that were sent after one moment and over before another. */
function latenciesOf(
  seen: readonly Seen[],
  from: number,
  until: number,
): number[] {
  return seen
    .filter(({ sentAt, endedAt }) => sentAt >= from && endedAt <= until)
    .map(({ sentAt, endedAt }) => endedAt - sentAt);
}

function longest(milliseconds: readonly number[]): number {
  return Math.round(Math.max(0, ...milliseconds));
}

/** Request logs may be dropped when there are too many, which is counted; they are never doubled, and here there are not too many. */
async function checkRequestLogs(
  findings: Findings,
  options: {
    clickHouse: ClickHouse;
    gateway: GatewayProcess;
    seen: readonly Seen[];
  },
): Promise<void> {
  const { clickHouse, gateway, seen } = options;
  await eventually(async () => metric(await gateway.metrics(), QUEUED) === 0, {
    withinMs: RECOVERED_MS,
  });
  const dropped = metric(
    await gateway.metrics(),
    'aigateway_request_logs_dropped_total',
  );
  const [records, requests] = (
    await clickHouse.query(
      'SELECT count(), uniqExact(request_id) FROM ai_gateway.request_logs FINAL FORMAT TabSeparated',
    )
  )
    .trim()
    .split('\t')
    .map(Number);
  findings.figure('request logs in ClickHouse', records);
  findings.figure('request logs dropped', dropped);
  findings.check(
    'each request has one log, or is counted as dropped',
    records === requests && records + dropped === seen.length,
    `${records} logs of ${requests} requests, ${dropped} dropped, of ${seen.length} requests`,
  );
}
