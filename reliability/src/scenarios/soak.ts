import { setTimeout as delay } from 'node:timers/promises';
import { Findings } from '../Findings';
import { linearFit } from '../figures/linearFit';
import { percentile } from '../figures/percentile';
import { checkLedger } from '../ledger/checkLedger';
import { Load } from '../load/Load';
import { seededRandom, wholeBetween } from '../load/random';
import { describeSeen } from '../load/Seen';
import type { Memory } from '../rig/GatewayProcess';
import { MODEL, PRICE, Rig } from '../rig/Rig';
import type { Scenario, Surroundings } from '../Scenario';

const MINUTES = { short: 1, long: 12 };
const SAMPLE_MS = { short: 3_000, long: 10_000 };
/** Until then caches fill and code is compiled, which is no leak. */
const WARM_UP = 0.4;
const WORKERS = 16;
/** An hour of a busy team: 25 requests a second. */
const HOUR_REQUESTS = 25 * 3_600;
/** In a run of a minute the line is drawn through noise; the long form tells. */
const HEAP_MIB_PER_HOUR = { short: 64, long: 8 };
const MIB = 1024 * 1024;

interface Sample {
  /** Since the start. */
  readonly requests: number;
  readonly memory: Memory;
}

/** Load as of hours in minutes, with a line drawn through the memory. */
export const soak: Scenario = {
  name: 'soak',
  title:
    'hours of requests in minutes: the memory after garbage collection does not climb',
  run: surroundings =>
    Rig.with(surroundings, {}, rig => run(rig, surroundings)),
};

async function run(
  rig: Rig,
  { form, seed, signal, say }: Surroundings,
): Promise<Findings> {
  const findings = new Findings();
  const random = seededRandom(seed);
  const gateway = await rig.addGateway();
  await gateway.start();
  const ms = MINUTES[form] * 60_000;
  const load = Load.start({
    client: rig.client(),
    workers: WORKERS,
    maxRequests: 3_000_000,
    maxMs: ms,
    target: () => gateway.url,
    question: index => ({
      requestId: `request-${index}`,
      model: MODEL,
      streamed: random() < 0.5,
      maxTokens: wholeBetween(random, 1, 60),
      // Of many lengths, as people's are.
      content: 'word '.repeat(wholeBetween(random, 1, 400)),
    }),
  });
  const samples: Sample[] = [];
  const startedAt = performance.now();
  while (performance.now() - startedAt < ms && !signal.aborted) {
    await delay(SAMPLE_MS[form]);
    const memory = await gateway.memory();
    samples.push({ requests: load.seen.length, memory });
    if (samples.length % 10 === 0) {
      say(
        `${load.seen.length} requests, heap ${mib(memory.heapUsed)} MiB, resident ${mib(memory.rss)} MiB`,
      );
    }
  }
  const seen = await load.finished();
  const seconds = (performance.now() - startedAt) / 1_000;
  const counted = samples.slice(Math.floor(samples.length * WARM_UP));
  const line = (of: (memory: Memory) => number) =>
    linearFit(
      counted.map(({ requests, memory }) => ({
        x: requests / HOUR_REQUESTS,
        y: of(memory) / MIB,
      })),
    );
  const heap = line(({ heapUsed }) => heapUsed);
  const resident = line(({ rss }) => rss);
  const latencies = seen.map(({ sentAt, endedAt }) => endedAt - sentAt);

  findings.figure('requests', seen.length);
  findings.figure('requests a second', Math.round(seen.length / seconds));
  findings.figure(
    'hours at 25 requests a second',
    (seen.length / HOUR_REQUESTS).toFixed(2),
  );
  findings.figure('latency p50 ms', percentile(latencies, 50).toFixed(1));
  findings.figure('latency p99 ms', percentile(latencies, 99).toFixed(1));
  findings.figure('samples in the line', counted.length);
  findings.figure('heap at the end, MiB', heapAtEnd(samples));
  findings.figure('heap, MiB an hour', slope(heap));
  findings.figure(
    'resident at the end, MiB',
    mib(samples.at(-1)?.memory.rss ?? 0),
  );
  findings.figure('resident, MiB an hour', slope(resident));
  findings.check(
    `the heap does not climb: less than ${HEAP_MIB_PER_HOUR[form]} MiB an hour`,
    heap.slope < HEAP_MIB_PER_HOUR[form],
    slope(heap),
  );
  findings.checkNone(
    'every request was answered whole',
    seen.filter(({ kind }) => kind !== 'complete').map(describeSeen),
  );
  await checkLedger(findings, { ledger: rig.ledger, seen, price: PRICE });
  return findings;
}

function heapAtEnd(samples: readonly Sample[]): string {
  return mib(samples.at(-1)?.memory.heapUsed ?? 0);
}

function slope(fit: { readonly slope: number; readonly r2: number }): string {
  return `${fit.slope.toFixed(2)} (r² ${fit.r2.toFixed(2)})`;
}

function mib(bytes: number): string {
  return (bytes / MIB).toFixed(1);
}
