import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { request } from 'undici';
import { Findings } from '../Findings';
import { reconcileAttempts } from '../ledger/reconcileAttempts';
import { Load } from '../load/Load';
import type { Question } from '../load/Client';
import { describeSeen, type Seen } from '../load/Seen';
import type { GatewayProcess } from '../rig/GatewayProcess';
import { PRICE, Rig } from '../rig/Rig';
import { Simulator } from '../rig/Simulator';
import type { Scenario, Surroundings } from '../Scenario';

/** Between two offsets at which an answer is cut off. */
const STEP = { short: 23, long: 1 };
const STORM_MS = { short: 4_000, long: 60_000 };
const FLAP_MS = { short: 6_000, long: 120_000 };
const WORKERS = 12;
const TOKENS = 8;
const SETTLE_MS = 60_000;
/** So that each request goes where it is to fail, whatever happened before. */
const PATIENT = {
  health: { failures: 100, failurePercent: 100, probe: false },
  // Each is tried once: what is shown is that the next one is asked.
  retries: { attempts: 3, perDeployment: 1 },
};
/** Fewer than the failures in a row that have a deployment left alone, at the most patient. */
const WELL_EVERY = 50;
/** Named upstream as here. */
const MODELS = ['cut', 'early-error', 'storm', 'flapping'] as const;
type Model = (typeof MODELS)[number];

/** A provider that fails in every way, and one beside it that is well: clients see what cannot be hidden, and nothing else. */
export const upstreamFaults: Scenario = {
  name: 'upstream-faults',
  title:
    'a provider dies at every byte offset, errors inside a 200, answers 429 for a while and flaps: fallback hides what it may, and bills what was generated',
  run: surroundings =>
    Rig.with(surroundings, {}, rig => run(rig, surroundings)),
};

async function run(rig: Rig, surroundings: Surroundings): Promise<Findings> {
  const findings = new Findings();
  const { plane, providerId: well } = rig.parts;
  const failing = await Simulator.start({
    pace: {},
    logFile: join(surroundings.logDirectory, 'failing-simulator.log'),
  });
  rig.onClose(() => failing.stop());
  const ill = await plane.addProvider(`${failing.url}/v1`);
  for (const id of MODELS) {
    await plane.addModel({
      id,
      deployments: [
        { providerId: ill, upstreamModel: id, priority: 0 },
        { providerId: well, upstreamModel: id, priority: 1 },
      ],
      price: PRICE,
      routing: id === 'cut' || id === 'early-error' ? PATIENT : {},
    });
  }
  const gateway = await rig.addGateway();
  await gateway.start();
  const part = { rig, gateway, failing, findings, surroundings };
  const seen = [
    ...(await cutAtEveryOffset(part)),
    ...(await errorsBeforeContent(part)),
    ...(await storm(part)),
    ...(await flap(part)),
  ];
  await rig.ledger.settled(seen.length, SETTLE_MS);
  const rows = await rig.ledger.rows();
  findings.figure('requests', seen.length);
  findings.figure('attempts in the ledger', rows.length);
  findings.checkNone(
    'each attempt is booked once; what was complete at exactly its cost, what generated nothing for nothing',
    reconcileAttempts(seen, rows, PRICE),
  );
  return findings;
}

interface Part {
  readonly rig: Rig;
  readonly gateway: GatewayProcess;
  readonly failing: Simulator;
  readonly findings: Findings;
  readonly surroundings: Surroundings;
}

const questionFor = (
  model: Model,
  name: string,
  streamed: boolean,
): Question => ({
  requestId: `${model}-${name}`,
  model,
  streamed,
  maxTokens: TOKENS,
});

async function cutAtEveryOffset({
  rig,
  gateway,
  failing,
  findings,
  surroundings,
}: Part): Promise<Seen[]> {
  const client = rig.client();
  const all: Seen[] = [];
  for (const streamed of [true, false]) {
    const seen: Seen[] = [];
    const length = await lengthOf(failing, streamed);
    const step = STEP[surroundings.form];
    const asked = async () =>
      (await failing.stats()).byModel.cut?.requests ?? 0;
    const askedBefore = await asked();
    const ask = (name: string) =>
      client.ask(
        gateway.url,
        questionFor(
          'cut',
          `${streamed ? 'stream' : 'whole'}-${name}`,
          streamed,
        ),
      );
    for (let bytes = 0; bytes < length; bytes += step) {
      if (surroundings.signal.aborted) break;
      if (seen.length % WELL_EVERY === WELL_EVERY - 1) {
        await failing.behave({ model: 'cut', fault: null });
        all.push(await ask(`well-${bytes}`));
      }
      await failing.behave({ model: 'cut', fault: `cut;bytes=${bytes}` });
      seen.push(await ask(`${bytes}`));
    }
    const wellAsked = Math.floor(seen.length / WELL_EVERY);
    const cutAt = (await asked()) - askedBefore - wellAsked;
    const hidden = seen.filter(({ kind }) => kind === 'complete').length;
    const told = seen.filter(
      one => one.kind === 'broken' && one.reason.startsWith('error event'),
    ).length;
    const what = streamed ? 'a stream' : 'a whole answer';
    findings.figure(
      `${what} of ${length} bytes, cut at ${seen.length} offsets`,
      `${hidden} hidden, ${told} told by an error event`,
    );
    findings.checkNone(
      streamed
        ? 'a stream that is cut off is hidden by fallback, or ends with an error event and no [DONE]'
        : 'a whole answer that is cut off is always hidden by fallback',
      seen
        .filter(
          one =>
            one.kind !== 'complete' &&
            !(
              streamed &&
              one.kind === 'broken' &&
              one.reason === 'error event upstream_cut_off'
            ),
        )
        .map(describeSeen),
    );
    findings.check(
      `${what}: the dying provider was asked at every offset`,
      cutAt === seen.length,
      `${cutAt} of ${seen.length}`,
    );
    if (streamed) {
      findings.check(
        'some were hidden, and some could not be',
        hidden > 0 && told > 0,
        `${hidden} and ${told}`,
      );
    }
    all.push(...seen);
  }
  surroundings.say('cut at every offset');
  return all;
}

/** Of the answer as the provider sends it to the gateway. */
async function lengthOf(
  simulator: Simulator,
  streamed: boolean,
): Promise<number> {
  const { body } = await request(`${simulator.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      model: 'measured',
      max_tokens: TOKENS,
      ...(streamed && {
        stream: true,
        stream_options: { include_usage: true },
      }),
      messages: [{ role: 'user', content: 'Tell me a story' }],
    }),
  });
  return (await body.arrayBuffer()).byteLength;
}

async function errorsBeforeContent({
  rig,
  gateway,
  failing,
  findings,
}: Part): Promise<Seen[]> {
  const client = rig.client();
  const seen: Seen[] = [];
  for (const fault of [
    'error-before-content',
    'error-before-content;chunks=1',
    'html',
    'wrong-content-type',
    'status;code=500',
    'cut-head',
  ]) {
    await failing.behave({ model: 'early-error', fault });
    for (const streamed of [true, false]) {
      const name = `${fault.replace(/\W/g, '-')}-${streamed}`;
      seen.push(
        await client.ask(
          gateway.url,
          questionFor('early-error', name, streamed),
        ),
      );
    }
  }
  findings.checkNone(
    'errors before any content, inside a 200 or not, are hidden by fallback',
    seen.filter(({ kind }) => kind !== 'complete').map(describeSeen),
  );
  return seen;
}

async function storm({
  rig,
  gateway,
  failing,
  findings,
  surroundings,
}: Part): Promise<Seen[]> {
  const asked = async () =>
    (await failing.stats()).byModel.storm?.requests ?? 0;
  await failing.behave({
    model: 'storm',
    fault: 'status;code=429',
    retryAfterSeconds: 1,
  });
  const load = startLoad(rig, gateway, 'storm');
  await delay(STORM_MS[surroundings.form]);
  const during = await asked();
  const sent = load.seen.length;
  await failing.behave({ model: 'storm', fault: null });
  await delay(3_000);
  const afterwards = (await asked()) - during;
  const seen = await load.stop();
  surroundings.say('a storm of 429');
  findings.figure('429 storm: requests while it lasted', sent);
  findings.figure('429 storm: of which the limited provider was asked', during);
  findings.figure('429 storm: asked again in the 3 s after it', afterwards);
  findings.checkNone(
    '429 storm: no client saw one',
    seen.filter(({ kind }) => kind !== 'complete').map(describeSeen),
  );
  findings.check(
    '429 storm: who limits is left alone for as long as it says',
    during <= (STORM_MS[surroundings.form] / 1_000 + 2) * WORKERS &&
      during < sent / 3,
    `${during} of ${sent} requests`,
  );
  findings.check('429 storm: used again after it', afterwards > 0);
  return [...seen];
}

async function flap({
  rig,
  gateway,
  failing,
  findings,
  surroundings,
}: Part): Promise<Seen[]> {
  await failing.behave({
    model: 'flapping',
    fault: 'status;code=503',
    flap: { upMs: 700, downMs: 500 },
  });
  const load = startLoad(rig, gateway, 'flapping');
  await delay(FLAP_MS[surroundings.form]);
  const seen = await load.stop();
  const stats = (await failing.stats()).byModel.flapping;
  surroundings.say('a provider that flaps');
  findings.figure('flapping: requests', seen.length);
  findings.figure(
    'flapping: that the flapping provider got',
    stats?.requests ?? 0,
  );
  findings.checkNone(
    'flapping: no client saw it',
    seen.filter(({ kind }) => kind !== 'complete').map(describeSeen),
  );
  return [...seen];
}

function startLoad(rig: Rig, gateway: GatewayProcess, model: Model): Load {
  return Load.start({
    client: rig.client(),
    workers: WORKERS,
    maxRequests: 200_000,
    maxMs: 10 * 60_000,
    pauseMs: 25,
    target: () => gateway.url,
    question: index => questionFor(model, `${index}`, index % 2 === 0),
  });
}
