import { join } from 'node:path';
import { Findings } from '../Findings';
import { checkLedger } from '../ledger/checkLedger';
import {
  describeBalance,
  sameBalance,
  type Balance,
  type Ledger,
} from '../ledger/Ledger';
import { Load } from '../load/Load';
import { seededRandom, shuffled, wholeBetween } from '../load/random';
import { eventually } from '../rig/eventually';
import { MODEL, PRICE, Rig } from '../rig/Rig';
import { readSpool, writeSpool } from '../rig/spoolRecords';
import type { Scenario, Surroundings } from '../Scenario';

const REQUESTS = { short: 600, long: 20_000 };
/** From which on the gateway is killed, with requests under way. */
const KILL_AT = 0.9;
const WORKERS = 16;
const SHIPPED_MS = 60_000;

/** What a spool holds is booked once, however often and in whatever order it comes. */
export const replay: Scenario = {
  name: 'replay',
  title:
    'a spool replayed twice and shuffled, onto its own ledger and onto an empty one, leaves balances identical',
  run: surroundings =>
    Rig.with(
      surroundings,
      { pace: { firstTokenMs: 2, tokensPerSecond: 2_000 } },
      rig => run(rig, surroundings),
    ),
};

async function run(
  rig: Rig,
  { form, seed, signal }: Surroundings,
): Promise<Findings> {
  const findings = new Findings();
  const random = seededRandom(seed);
  const { directory, postgres, plane } = rig.parts;

  // A spool that holds everything: the ledger is away while it fills, and its gateway dies with requests under way.
  const filled = join(directory, 'filled');
  const first = await rig.addGateway({ spoolDirectory: filled });
  await first.start();
  await postgres.kill();
  const load = Load.start({
    client: rig.client(),
    workers: WORKERS,
    maxRequests: REQUESTS[form],
    maxMs: 10 * 60_000,
    target: () => (first.isRunning ? first.url : undefined),
    question: index => ({
      requestId: `request-${index}`,
      model: MODEL,
      streamed: random() < 0.5,
      maxTokens: wholeBetween(random, 1, 40),
    }),
  });
  await eventually(() => load.seen.length > REQUESTS[form] * KILL_AT, {
    withinMs: 10 * 60_000,
    signal,
  });
  await first.kill();
  const seen = await load.stop();
  const records = await readSpool(filled);
  findings.figure('records in the spool', records.length);

  await postgres.start(signal);
  await first.start();
  await checkLedger(findings, { ledger: rig.ledger, seen, price: PRICE });
  await first.stop();
  const expected = await rig.ledger.balance();
  findings.figure('the balance', describeBalance(expected));

  const replayed = async (name: string, again: readonly Buffer[]) => {
    const spoolDirectory = join(directory, name);
    await writeSpool(spoolDirectory, again);
    const gateway = await rig.addGateway({ spoolDirectory });
    await gateway.start();
    await shipped(rig.ledger, expected.requests);
    await gateway.stop();
    return [await rig.ledger.balance(), await rig.ledger.hourlyBalance()];
  };
  const check = (claim: string, balances: readonly Balance[]) =>
    findings.check(
      claim,
      balances.every(balance => sameBalance(balance, expected)),
      balances.map(describeBalance).join(', by the hour '),
    );
  check('replayed as it was: the same', await replayed('as-it-was', records));
  check(
    'replayed again, shuffled: the same',
    await replayed('shuffled', shuffled(random, records)),
  );
  // With another order comes another recovery: an intent behind its event looks open.
  await plane.knex.raw('TRUNCATE usage_events, usage_hourly');
  check(
    'replayed twice over and shuffled onto an empty ledger: the same',
    await replayed('from-nothing', shuffled(random, [...records, ...records])),
  );
  return findings;
}

/** Waits until a gateway has shipped what it had. */
async function shipped(ledger: Ledger, atLeast: number): Promise<void> {
  await ledger.settled(atLeast, SHIPPED_MS);
}
