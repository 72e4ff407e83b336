import { setTimeout as delay } from 'node:timers/promises';
import { Findings } from '../Findings';
import { percentile } from '../figures/percentile';
import { checkLedger } from '../ledger/checkLedger';
import { Balancer } from '../load/Balancer';
import { countKinds, Load } from '../load/Load';
import { seededRandom, wholeBetween } from '../load/random';
import { describeSeen } from '../load/Seen';
import { MODEL, PRICE, Rig } from '../rig/Rig';
import type { Scenario, Surroundings } from '../Scenario';

const GATEWAYS = 3;
const ROUNDS = { short: 1, long: 10 };
const WORKERS = 30;
const BETWEEN_MS = 1_000;
/** Longer than the balancer takes to notice. */
const ANNOUNCE_MS = 1_000;

/** Every gateway is ended and started again, one after the other, and no client notices. */
export const rollingRestart: Scenario = {
  name: 'rolling-restart',
  title:
    'three gateways are told to end one after the other under load, behind a balancer that honours readiness: no client error',
  run: surroundings =>
    Rig.with(
      surroundings,
      { pace: { firstTokenMs: 20, tokensPerSecond: 100 } },
      rig => run(rig, surroundings),
    ),
};

async function run(
  rig: Rig,
  { form, seed, signal, say }: Surroundings,
): Promise<Findings> {
  const findings = new Findings();
  const random = seededRandom(seed);
  const gateways = [];
  for (let i = 0; i < GATEWAYS; i++) {
    gateways.push(
      await rig.addGateway({
        settings: { gateway: { drain: { announceMs: ANNOUNCE_MS } } },
      }),
    );
  }
  await Promise.all(gateways.map(gateway => gateway.start()));
  const balancer = Balancer.start(gateways);
  rig.onClose(() => balancer.stop());
  await delay(BETWEEN_MS);
  const load = Load.start({
    client: rig.client(),
    workers: WORKERS,
    maxRequests: 1_000_000,
    maxMs: 30 * 60_000,
    target: () => balancer.next(),
    question: index => ({
      requestId: `request-${index}`,
      model: MODEL,
      streamed: random() < 0.5,
      maxTokens: wholeBetween(random, 1, 150),
    }),
  });
  const codes: Array<number | null> = [];
  const ends: number[] = [];
  for (let round = 1; round <= ROUNDS[form]; round++) {
    for (const gateway of gateways) {
      if (signal.aborted) break;
      await delay(BETWEEN_MS);
      const toldAt = performance.now();
      codes.push(await gateway.stop());
      ends.push(performance.now() - toldAt);
      await gateway.start();
    }
    say(`round ${round} of ${ROUNDS[form]}`);
  }
  await delay(BETWEEN_MS);
  const seen = await load.stop();
  const kinds = countKinds(seen);
  findings.figure('restarts', codes.length);
  findings.figure('requests', seen.length);
  findings.figure('refused', kinds.refused);
  findings.figure('broken', kinds.broken);
  findings.figure('nobody there', kinds.unreachable);
  findings.figure(
    'from SIGTERM to the end, p50 ms',
    Math.round(percentile(ends, 50)),
  );
  findings.checkNone(
    'no client saw an error',
    seen.filter(({ kind }) => kind !== 'complete').map(describeSeen),
  );
  findings.check(
    'each ended by itself, in good order',
    codes.every(code => code === 0) && codes.length === ROUNDS[form] * GATEWAYS,
    `exit codes ${codes.join(', ')}`,
  );
  await checkLedger(findings, { ledger: rig.ledger, seen, price: PRICE });
  return findings;
}
