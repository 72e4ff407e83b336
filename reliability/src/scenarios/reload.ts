import { randomUUID } from 'node:crypto';
import { Findings } from '../Findings';
import { percentile } from '../figures/percentile';
import { checkLedger } from '../ledger/checkLedger';
import { countKinds } from '../load/Load';
import { describeSeen } from '../load/Seen';
import { eventually } from '../rig/eventually';
import { MODEL, PRICE, Rig } from '../rig/Rig';
import type { Scenario, Surroundings } from '../Scenario';

const STREAMS = { short: 250, long: 1_000 };
const RELOADS = { short: 20, long: 50 };
const TOKENS = { short: 24, long: 80 };
const TOKENS_PER_SECOND = 2;
const OPENED_MS = 60_000;

/** A configuration that changes again and again under open streams touches none of them. */
export const reload: Scenario = {
  name: 'reload',
  title:
    'the configuration changes again and again under open streams: none is reset, all complete',
  run: surroundings =>
    Rig.with(
      surroundings,
      { pace: { tokensPerSecond: TOKENS_PER_SECOND } },
      rig => run(rig, surroundings),
    ),
};

async function run(
  rig: Rig,
  { form, signal, say }: Surroundings,
): Promise<Findings> {
  const findings = new Findings();
  const gateway = await rig.addGateway();
  await gateway.start();
  const client = rig.client();
  let opened = 0;
  let ended = 0;
  const streams = Array.from({ length: STREAMS[form] }, async (_, index) => {
    const seen = await client.ask(
      gateway.url,
      {
        requestId: `stream-${index}`,
        model: MODEL,
        streamed: true,
        maxTokens: TOKENS[form],
      },
      {
        onFirstByte: () => {
          opened += 1;
        },
      },
    );
    ended += 1;
    return seen;
  });
  await eventually(() => opened === streams.length, {
    withinMs: OPENED_MS,
    signal,
  });
  findings.figure('streams', streams.length);
  findings.figure('open when the reloads began', opened - ended);
  say(`${opened} streams are open`);

  const applied: number[] = [];
  for (let change = 1; change <= RELOADS[form] && !signal.aborted; change++) {
    const revision = await changeSomething(rig, change);
    const changedAt = performance.now();
    if (await gateway.applied(revision))
      applied.push(performance.now() - changedAt);
  }
  const stillOpen = opened - ended;
  findings.figure('reloads', applied.length);
  findings.figure('open when the reloads were over', stillOpen);
  for (const percent of [50, 100]) {
    findings.figure(
      `from change to applied, p${percent} ms`,
      Math.round(percentile(applied, percent)),
    );
  }
  const seen = await Promise.all(streams);
  findings.check(
    'all streams were open before, and after the last reload',
    opened === streams.length && stillOpen === streams.length,
    `${opened} had begun, ${stillOpen} were open at the end, of ${streams.length}`,
  );
  findings.check(
    'every change was applied',
    applied.length === RELOADS[form],
    `${applied.length} of ${RELOADS[form]}`,
  );
  findings.check(
    'each was applied within two seconds',
    percentile(applied, 100) < 2_000,
    `${Math.round(percentile(applied, 100))} ms`,
  );
  findings.checkNone(
    'all streams complete, none is reset',
    seen.filter(({ kind }) => kind !== 'complete').map(describeSeen),
  );
  findings.check(
    'as many completions as streams',
    countKinds(seen).complete === streams.length,
  );
  await checkLedger(findings, { ledger: rig.ledger, seen, price: PRICE });
  return findings;
}

/** The changes that could hurt a stream the most come in turn. */
async function changeSomething(rig: Rig, change: number): Promise<number> {
  const { plane, providerId, simulator } = rig.parts;
  switch (change % 4) {
    // The provider that every stream comes from moves: no connection to where it was is used any more.
    case 0:
    case 1: {
      const host = change % 4 === 0 ? '127.0.0.1' : 'localhost';
      const base = `${simulator.url.replace('127.0.0.1', host)}/v1`;
      return plane.change(tx =>
        tx('providers').where({ id: providerId }).update({ base_url: base }),
      );
    }
    // The model's deployment is withdrawn, and published again by the next change but one.
    case 2:
      return plane.change(tx =>
        tx('deployments')
          .where({ model_id: MODEL })
          .update({ published: change % 8 !== 2 }),
      );
    default:
      return plane.change((tx, revision) =>
        tx('api_keys').insert({
          id: randomUUID().replaceAll('-', '').slice(0, 12),
          project_id: plane.project,
          owner_kind: 'project',
          owner_ref: null,
          label: 'one more',
          last_four: '0000',
          model_scope: null,
          created_by: 'user:default/reliability',
          revision,
        }),
      );
  }
}
