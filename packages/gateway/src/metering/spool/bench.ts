/**
 * How long an event takes to be durable, from when it is given to the spool: a request begins with an intent and ends with an event.
 *
 *     yarn workspace @ai-gateway/gateway bench:spool [directory]
 *
 * The directory says which disk is measured; the default is the system's for temporary files. Ends by itself within half a minute.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { v7 as uuidv7 } from 'uuid';
import { createLog } from '../../telemetry/log';
import { Spool } from './Spool';

const RATES = [20, 100, 500, 2_000];
const SECONDS = 5;
const PAYLOAD_BYTES = 400;

async function main(): Promise<void> {
  const directory = await mkdtemp(
    join(process.argv[2] ?? tmpdir(), 'spool-bench-'),
  );
  const { spool } = await Spool.open({
    directory,
    lockToken: uuidv7(),
    log: createLog('silent'),
    now: Date.now,
    sync: 'always',
    maxSegmentBytes: 16 * 1024 * 1024,
  });
  try {
    print('requests/s   p50 ms   p95 ms   p99 ms');
    for (const rate of RATES) print(figures(rate, await measure(spool, rate)));
  } finally {
    await spool.close();
    await rm(directory, { recursive: true });
  }
}

/** Requests that come evenly and take fifty milliseconds each. */
async function measure(spool: Spool, rate: number): Promise<number[]> {
  const times: number[] = [];
  const underWay: Promise<void>[] = [];
  const startedAt = performance.now();
  for (let n = 0; n < rate * SECONDS; n++) {
    const dueInMs = startedAt + (n * 1_000) / rate - performance.now();
    if (dueInMs > 1) await delay(dueInMs);
    underWay.push(
      request(spool).then(ms => {
        times.push(ms);
      }),
    );
  }
  await Promise.all(underWay);
  return times.sort((a, b) => a - b);
}

async function request(spool: Spool): Promise<number> {
  const id = uuidv7();
  const payload = 'x'.repeat(PAYLOAD_BYTES);
  void spool.append({ id, kind: 'intent', payload });
  await delay(50);
  const endedAt = performance.now();
  await spool.append({ id, kind: 'event', payload });
  return performance.now() - endedAt;
}

function figures(rate: number, times: readonly number[]): string {
  const at = (share: number) =>
    times[Math.floor(times.length * share)].toFixed(2).padStart(8);
  return `${String(rate).padStart(10)} ${at(0.5)} ${at(0.95)} ${at(0.99)}`;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

main().catch(error => {
  process.stderr.write(`${error}\n`);
  process.exitCode = 1;
});
