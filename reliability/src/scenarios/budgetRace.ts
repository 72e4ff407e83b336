import { setTimeout as delay } from 'node:timers/promises';
import { Findings } from '../Findings';
import { checkLedger } from '../ledger/checkLedger';
import { exactCost } from '../ledger/exactCost';
import type { Client, Question } from '../load/Client';
import { describeSeen, type Seen } from '../load/Seen';
import type { GatewayProcess } from '../rig/GatewayProcess';
import { MODEL, PRICE, Rig } from '../rig/Rig';
import type { Scenario, Surroundings } from '../Scenario';

const REQUESTS = 1_000;
const WORTH = 100;
const ROUNDS = { short: 1, long: 10 };
const TOKENS = 20;
const MAX_TRIES = 30;
const AGAIN_AFTER_MS = 1_000;

/** Many want more than there is, all at once: nobody gets it, and what was let in is what was spent. */
export const budgetRace: Scenario = {
  name: 'budget-race',
  title:
    '1,000 concurrent requests against a budget worth 100, across two gateways on one Redis and in one process: never over, and what was admitted is spent',
  run: async surroundings => {
    const findings = new Findings();
    const pace = { firstTokenMs: 400 };
    await Rig.with(surroundings, { pace, redis: true }, rig =>
      race(rig, surroundings, findings, {
        name: 'two gateways on one Redis',
        gateways: 2,
      }),
    );
    await Rig.with(surroundings, { pace }, rig =>
      race(rig, surroundings, findings, {
        name: 'one gateway by itself',
        gateways: 1,
      }),
    );
    return findings;
  },
};

async function race(
  rig: Rig,
  { form, say, signal }: Surroundings,
  findings: Findings,
  { name, gateways: count }: { name: string; gateways: number },
): Promise<void> {
  const { plane } = rig.parts;
  const prefix = `of-${count}`;
  const gateways: GatewayProcess[] = [];
  for (let i = 0; i < count; i++) gateways.push(await rig.addGateway());
  await Promise.all(gateways.map(gateway => gateway.start()));
  const client = rig.client();
  const question = (requestId: string): Question => ({
    requestId,
    model: MODEL,
    streamed: false,
    maxTokens: TOKENS,
  });
  const first = await client.ask(gateways[0].url, question(`${prefix}-one`));
  if (first.kind !== 'complete') throw new Error(describeSeen(first));
  const cost = exactCost(first.usage, PRICE);
  const budget = cost * BigInt(WORTH);
  const seen: Seen[] = [first];
  const admittedAtOnce: number[] = [];
  const spentInAll: string[] = [];
  const over: string[] = [];
  const unequal: string[] = [];

  for (let round = 1; round <= ROUNDS[form] && !signal.aborted; round++) {
    const key = await plane.addKey();
    await plane.addBudget({
      subjectKind: 'key',
      subjectId: key.id,
      amount: budget,
    });
    await appliedOn(gateways, plane.revision);
    const one = client.withKey(key.apiKey);
    const atOnce = await Promise.all(
      Array.from({ length: REQUESTS }, (_, index) =>
        askPatiently(
          one,
          gateways[index % gateways.length].url,
          question(`${prefix}-${round}-${index}`),
        ),
      ),
    );
    const rest = await spendTheRest(one, gateways, index =>
      question(`${prefix}-${round}-rest-${index}`),
    );
    seen.push(...atOnce, ...rest);
    admittedAtOnce.push(completeOf(atOnce).length);
    const admitted = completeOf([...atOnce, ...rest]);
    const spent = admitted.reduce(
      (sum, { usage }) => sum + exactCost(usage, PRICE),
      0n,
    );
    spentInAll.push(`${(Number((spent * 1000n) / budget) / 10).toFixed(1)} %`);
    if (spent > budget) over.push(`round ${round}: ${spent} of ${budget}`);
    await rig.ledger.settled(completeOf(seen).length, 30_000);
    const counted = spentByRefusal(rest.at(-1));
    if (counted !== dollars(spent)) {
      unequal.push(
        `round ${round}: counted ${counted}, spent ${dollars(spent)}`,
      );
    }
    if (round % 5 === 0) say(`${name}: round ${round} of ${ROUNDS[form]}`);
  }
  const ended = seen.filter(({ kind }) => kind !== 'complete');
  findings.figure(
    `${name}: at once`,
    `${REQUESTS} requests, budget for ${WORTH}`,
  );
  findings.figure(`${name}: admitted at once`, admittedAtOnce.join(', '));
  findings.figure(`${name}: spent in the end`, spentInAll.join(', '));
  findings.checkNone(`${name}: never over the budget`, over);
  findings.checkNone(
    `${name}: the counters say exactly what was admitted`,
    unequal,
  );
  findings.check(
    `${name}: most of the budget can be spent`,
    spentInAll.every(percent => parseFloat(percent) >= 95),
    spentInAll.join(', '),
  );
  findings.checkNone(
    `${name}: who was not admitted was told so, by 402 and the budget`,
    ended
      .filter(
        one =>
          !(
            one.kind === 'refused' &&
            one.status === 402 &&
            one.code === 'budget_exceeded'
          ),
      )
      .map(describeSeen),
  );
  await checkLedger(findings, { ledger: rig.ledger, seen, price: PRICE });
}

/**
 * Asks again, as SDKs do, where it is told that the counters cannot be asked at the moment: a thousand at once may keep a Redis from
 * answering within its 50 ms on a machine that has other things to do, and then nobody is let in.
 */
async function askPatiently(
  client: Client,
  url: string,
  question: Question,
): Promise<Seen> {
  for (let tries = 1; ; tries++) {
    const seen = await client.ask(url, question);
    const again =
      seen.kind === 'refused' &&
      seen.code === 'limits_unavailable' &&
      tries < MAX_TRIES;
    if (!again) return seen;
    await delay(AGAIN_AFTER_MS * (0.5 + Math.random()));
  }
}

/** Asks one after the other until there is no room even for a prompt. */
async function spendTheRest(
  client: Client,
  gateways: readonly GatewayProcess[],
  question: (index: number) => Question,
): Promise<Seen[]> {
  const seen: Seen[] = [];
  for (let index = 0; index < 2 * WORTH; index++) {
    const gateway = gateways[index % gateways.length];
    const one = await askPatiently(client, gateway.url, question(index));
    seen.push(one);
    if (one.kind !== 'complete') break;
  }
  return seen;
}

async function appliedOn(
  gateways: readonly GatewayProcess[],
  revision: number,
): Promise<void> {
  for (const gateway of gateways) await gateway.applied(revision);
}

function completeOf(seen: readonly Seen[]) {
  return seen.flatMap(one => (one.kind === 'complete' ? [one] : []));
}

/** What a refusal says has been spent, in dollars. */
function spentByRefusal(seen: Seen | undefined): string | undefined {
  if (seen?.kind !== 'refused') return undefined;
  const { error } = JSON.parse(seen.body) as {
    error: { limits?: ReadonlyArray<{ spent: string }> };
  };
  return error.limits?.[0]?.spent;
}

/** As the API writes them: exact, without zeros at the end. */
function dollars(nano: bigint): string {
  const text = nano.toString().padStart(10, '0');
  const fraction = text.slice(-9).replace(/0+$/, '');
  return fraction === ''
    ? text.slice(0, -9)
    : `${text.slice(0, -9)}.${fraction}`;
}
