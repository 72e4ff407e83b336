import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Findings } from '../Findings';
import { checkLedger } from '../ledger/checkLedger';
import { Load } from '../load/Load';
import { seededRandom, wholeBetween } from '../load/random';
import { describeSeen, type Seen } from '../load/Seen';
import { eventually } from '../rig/eventually';
import type { GatewayProcess } from '../rig/GatewayProcess';
import { MODEL, PRICE, Rig } from '../rig/Rig';
import { SmallDisk } from '../rig/SmallDisk';
import type { Scenario, Surroundings } from '../Scenario';

const MIB = 1024 * 1024;
const DISK_BYTES = 96 * MIB;
/** The gateway refuses below 64 MiB, so that what is under way can be written. */
const NEARLY_FULL_BYTES = 24 * MIB;
const ROUNDS = { short: 1, long: 10 };
const WORKERS = 12;
/** Streams that are under way while the disk is full to the last byte. */
const STREAMS = 20;
const STREAM_TOKENS = 120;
const FULL_MS = 4_000;
const NOTICED_MS = 10_000;

/** A disk that fills up stops what would cost money, and loses nothing of what has cost money already. */
export const diskFull: Scenario = {
  name: 'disk-full',
  title:
    'the disk of the spool fills up under load: refused aloud before it costs money, nothing lost, and it recovers by itself',
  impossible: () => SmallDisk.impossible(),
  run: surroundings =>
    Rig.with(
      surroundings,
      { pace: { firstTokenMs: 5, tokensPerSecond: 60 } },
      rig => run(rig, surroundings),
    ),
};

async function run(
  rig: Rig,
  { form, seed, say }: Surroundings,
): Promise<Findings> {
  const findings = new Findings();
  const random = seededRandom(seed);
  const disk = await SmallDisk.mount(
    join(rig.parts.directory, 'small-disk'),
    DISK_BYTES,
  );
  rig.onClose(() => disk.unmount());
  const gateway = await rig.addGateway({
    spoolDirectory: join(disk.directory, 'spool'),
  });
  await gateway.start();
  const client = rig.client();
  const load = Load.start({
    client,
    workers: WORKERS,
    maxRequests: 500_000,
    maxMs: 10 * 60_000,
    pauseMs: 10,
    target: () => gateway.url,
    question: index => ({
      requestId: `request-${index}`,
      model: MODEL,
      streamed: random() < 0.5,
      maxTokens: wholeBetween(random, 1, 12),
    }),
  });
  const others: Seen[] = [];
  const noticed: number[] = [];
  const recovered: number[] = [];
  let spent = 0;
  for (let round = 1; round <= ROUNDS[form]; round++) {
    await delay(1_000);

    // Nearly full: no room for more, and enough for what is under way.
    const fillAt = performance.now();
    await disk.fill(NEARLY_FULL_BYTES);
    if (await becomes(gateway, 503)) noticed.push(performance.now() - fillAt);
    await delay(1_000);
    const before = (await rig.parts.simulator.stats()).requests;
    await delay(1_000);
    spent += (await rig.parts.simulator.stats()).requests - before;
    await disk.empty();
    await becomes(gateway, 200);

    // Full to the last byte, under streams that have to be booked.
    const streams = Array.from({ length: STREAMS }, (_, index) =>
      client.ask(gateway.url, {
        requestId: `round-${round}-stream-${index}`,
        model: MODEL,
        streamed: true,
        maxTokens: STREAM_TOKENS,
      }),
    );
    await delay(500);
    await disk.fill(0);
    await delay(FULL_MS);
    const emptiedAt = performance.now();
    await disk.empty();
    if (await becomes(gateway, 200)) {
      recovered.push(performance.now() - emptiedAt);
    }
    others.push(...(await Promise.all(streams)));
    say(`round ${round} of ${ROUNDS[form]}`);
  }
  await delay(1_000);
  const seen = [...(await load.stop()), ...others];
  const refused = seen.filter(({ kind }) => kind === 'refused');
  const unexpected = seen.filter(
    one =>
      one.kind !== 'complete' &&
      !(
        one.kind === 'refused' &&
        one.status === 503 &&
        one.code === 'metering_unavailable' &&
        one.headers['retry-after'] !== undefined
      ),
  );
  findings.figure('requests', seen.length);
  findings.figure('refused', refused.length);
  findings.figure('from full to unready, at most ms', most(noticed));
  findings.figure('from room to ready again, at most ms', most(recovered));
  findings.check(
    'each time it noticed, and became ready again by itself',
    noticed.length === ROUNDS[form] && recovered.length === ROUNDS[form],
    `${noticed.length} and ${recovered.length} of ${ROUNDS[form]}`,
  );
  findings.check('requests were refused meanwhile', refused.length > 0);
  findings.check(
    'none of those refused reached the provider',
    spent === 0,
    `${spent} did`,
  );
  findings.checkNone(
    'no client saw anything but completions and a clear 503 with Retry-After',
    unexpected.map(describeSeen),
  );
  await checkLedger(findings, { ledger: rig.ledger, seen, price: PRICE });
  const upstream = (await rig.parts.simulator.stats()).requests;
  const booked = await rig.ledger.count();
  findings.check(
    'whatever reached the provider is booked',
    booked === upstream,
    `${booked} rows for ${upstream} requests`,
  );
  return findings;
}

function becomes(
  gateway: GatewayProcess,
  status: number,
): Promise<boolean | undefined> {
  return eventually(async () => (await gateway.readiness()).status === status, {
    withinMs: NOTICED_MS,
  });
}

function most(milliseconds: readonly number[]): number {
  return Math.round(Math.max(0, ...milliseconds));
}
