import { setTimeout as delay } from 'node:timers/promises';
import { Findings } from '../Findings';
import { percentile } from '../figures/percentile';
import { checkLedger } from '../ledger/checkLedger';
import { countKinds, Load } from '../load/Load';
import { seededRandom, wholeBetween } from '../load/random';
import { describeSeen, refusedOtherThan } from '../load/Seen';
import { MODEL, PRICE, Rig } from '../rig/Rig';
import type { Scenario, Surroundings } from '../Scenario';

const KILLS = { short: 15, long: 200 };
const WORKERS = 24;
/** From a start until the kill: sometimes at once, sometimes in the midst of traffic. */
const LONGEST_LIFE_MS = 900;

/** A gateway that is killed again and again under load: what clients saw complete is in the ledger, exactly once. */
export const killNine: Scenario = {
  name: 'kill-9',
  title:
    'kill -9 at random moments under mixed load: each completion that a client saw has exactly one row, at exactly its cost',
  run: surroundings =>
    Rig.with(
      surroundings,
      { pace: { firstTokenMs: 10, tokensPerSecond: 400 } },
      rig => run(rig, surroundings),
    ),
};

async function run(
  rig: Rig,
  { form, seed, signal, say }: Surroundings,
): Promise<Findings> {
  const findings = new Findings();
  const random = seededRandom(seed);
  const gateway = await rig.addGateway();
  await gateway.start();
  const load = Load.start({
    client: rig.client(),
    workers: WORKERS,
    maxRequests: 2_000_000,
    maxMs: 60 * 60_000,
    target: () => gateway.url,
    question: index => ({
      requestId: `request-${index}`,
      model: MODEL,
      streamed: random() < 0.5,
      maxTokens: wholeBetween(random, 1, 60),
    }),
  });
  const restarts: number[] = [];
  const kills = KILLS[form];
  for (let kill = 1; kill <= kills && !signal.aborted; kill++) {
    await delay(random() * LONGEST_LIFE_MS);
    await gateway.kill();
    const killedAt = performance.now();
    await gateway.start();
    restarts.push(performance.now() - killedAt);
    if (kill % 20 === 0) say(`${kill} of ${kills} kills`);
  }
  await delay(500);
  const seen = await load.stop();
  const kinds = countKinds(seen);

  findings.figure('kills', restarts.length);
  findings.figure('requests sent', seen.length - kinds.unreachable);
  findings.figure('broken by a kill', kinds.broken);
  findings.figure('refused as it was starting', kinds.refused);
  findings.figure(
    'from kill to ready again, p50 ms',
    Math.round(percentile(restarts, 50)),
  );
  await checkLedger(findings, { ledger: rig.ledger, seen, price: PRICE });
  const rows = await rig.ledger.rows();
  const died = rows.filter(row => row.errorCode === 'gateway_died');
  const upstream = await rig.parts.simulator.stats();
  findings.figure('rows of requests that died', died.length);
  findings.figure('requests that reached the provider', upstream.requests);

  findings.check(
    'as many kills as planned',
    restarts.length === kills,
    `${restarts.length} of ${kills}`,
  );
  findings.check('many completions were seen', kinds.complete > kills);
  findings.check(
    'some requests were cut off by a kill, and booked',
    died.length > 0,
  );
  findings.checkNone(
    'what a kill cut off is booked as truncated and estimated',
    died
      .filter(
        row => row.outcome !== 'truncated' || row.usageSource !== 'estimated',
      )
      .map(row => row.requestId),
  );
  findings.check(
    'whatever reached the provider is booked, whether or not its client saw the end',
    upstream.requests <= rows.length,
    `${upstream.requests} requests reached it, ${rows.length} rows`,
  );
  findings.checkNone(
    'nothing was refused but while it was starting',
    refusedOtherThan(seen, 'not_ready').map(describeSeen),
  );
  return findings;
}
