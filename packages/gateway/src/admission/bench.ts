/**
 * What a request costs before it is sent on, and after its answer: whose key it is, what is asked for, whether it may be, which deployment
 * is tried, and how that is settled. With nine counters a request; the limiter answers at once, and what it costs is told by itself.
 *
 * ```
 * node --expose-gc --min-semi-space-size=128 --max-semi-space-size=128 \
 *   -r @backstage/cli/config/nodeTransform.cjs src/admission/bench.ts
 * ```
 *
 * Takes some fifteen seconds.
 */
import {
  generateApiKey,
  KeyDigester,
  NO_TOKENS,
  type LimitGauge,
  type UsageEvent,
} from '@ai-gateway/backstage-plugin-ai-gateway-node';
import { randomBytes } from 'node:crypto';
import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { chatCompletions } from '../endpoints/chatCompletions';
import { messages as messagesEndpoint } from '../endpoints/messages';
import { KeyRing } from '../keys/KeyRing';
import { KeyTable, type KeyRecord } from '../keys/KeyTable';
import type {
  EntryFigures,
  Hold,
  HoldEntry,
  Limiter,
  ReserveEntry,
  ReserveRequest,
  ReserveResult,
} from '../limits/Limiter';
import { apiKeyOf } from '../pipeline/apiKeyOf';
import { mayCall } from '../pipeline/route';
import { compileRules } from '../rules/compileRule';
import type { RuleRow } from '../rules/RuleRow';
import { RuleChains } from '../rules/RuleChains';
import { RuleTable } from '../rules/RuleTable';
import { compileSnapshot } from '../snapshot/compileSnapshot';
import type { KeyRow } from '../snapshot/ConfigurationRows';
import {
  findModel,
  type ServedModel,
  type Snapshot,
} from '../snapshot/Snapshot';
import { createLog } from '../telemetry/log';
import { DeploymentRouter } from '../upstream/DeploymentRouter';
import { Admissions } from './Admissions';
import type { AdmissionQuestion } from './AdmissionQuestion';
import { LedgerSeeder } from './LedgerSeeder';

const WARM_UP = 50_000;
const TIMES = 100_000;
const ONLY = process.env.ONLY ?? '';
/** So few that nothing of it is collected meanwhile. */
const COUNTED = 5_000;
/** Those of many keys that requests come with. */
const MOST_ASKING = 2_000;
const PLENTY = '9000000000000000';
const NOW = Date.UTC(2026, 5, 1);

const MESSAGES = [
  {
    role: 'system',
    content: 'You answer in one sentence and say nothing else.',
  },
  { role: 'user', content: 'Why is the sky blue?' },
];
const CHAT = Buffer.from(
  JSON.stringify({ model: 'bench', messages: MESSAGES }),
);
const TOOLS = Buffer.from(
  JSON.stringify({
    model: 'bench',
    stream: true,
    stream_options: { include_usage: true },
    max_tokens: 500,
    temperature: 0.2,
    messages: Array.from({ length: 20 }, (_, n) => ({
      role: n % 2 ? 'assistant' : 'user',
      content: [{ type: 'text', text: `${n} ${'a word or two '.repeat(20)}` }],
    })),
    tools: Array.from({ length: 5 }, (_, n) => ({
      type: 'function',
      function: {
        name: `tool_${n}`,
        description: 'Looks something up and tells what was found.',
        parameters: {
          type: 'object',
          properties: { query: { type: 'string' }, most: { type: 'number' } },
          required: ['query'],
        },
      },
    })),
  }),
);
const MESSAGE = Buffer.from(
  JSON.stringify({ model: 'bench', max_tokens: 500, messages: MESSAGES }),
);

interface Size {
  readonly keys: number;
  readonly models: number;
}

/** A request, and what it comes to. */
interface Asked {
  readonly headers: Readonly<Record<string, string>>;
  readonly question: AdmissionQuestion;
  readonly events: readonly UsageEvent[];
}

const digester = KeyDigester.create([{ version: 1, secret: 'p'.repeat(64) }]);

function keyRow(id: string, digest: string): KeyRow {
  return {
    id,
    projectId: 'bench',
    ownerKind: 'user',
    ownerRef: 'user:default/bench',
    modelScope: null,
    expiresAt: null,
    revoked: false,
    digests: [{ digest, lapsesAt: null }],
  };
}

function snapshotOf(models: readonly string[]): Snapshot {
  const compiled = compileSnapshot({
    revision: 1,
    providers: [
      {
        id: 'p',
        name: 'bench',
        kind: 'openai-compatible',
        baseUrl: 'http://127.0.0.1:1/v1',
        secretRef: null,
        settings: {},
      },
    ],
    models: models.map(id => ({ id, ownerRef: 'group:bench', createdAt: 0 })),
    deployments: models.map(modelId => ({
      id: `d-${modelId}`,
      modelId,
      providerId: 'p',
      upstreamModel: modelId,
      weight: 1,
      priority: 0,
    })),
    prices: models.map(id => ({
      id: `price-${id}`,
      deploymentId: `d-${id}`,
      effectiveFrom: 0,
      input: '1000000000',
      output: '2000000000',
      cachedInput: null,
      cacheWrite: null,
      reasoning: null,
      audio: null,
      image: null,
      perRequest: null,
    })),
    projects: [{ id: 'bench', businessUnit: 'bench' }],
    aliases: [],
    routes: [],
  });
  if (!compiled.ok) throw new Error(compiled.reason);
  return compiled.snapshot;
}

/** Requests and tokens a minute, and a budget a month, for each key, the project and the organisation. */
function rulesOf(keyIds: readonly string[]): RuleTable {
  const subjects = [
    ['project', 'bench'],
    ['organisation', 'default'],
    ...keyIds.map(id => ['key', id]),
  ];
  const compiled = compileRules(
    subjects.flatMap(([subjectKind, subjectId]): RuleRow[] => {
      const common = {
        subjectKind,
        subjectId,
        removed: false,
        whenDegraded: null,
        degradedFraction: null,
        amount: PLENTY,
        fraction: null,
      };
      const id = `${subjectKind}-${subjectId}`;
      return [
        ...(['requests', 'tokens'] as const).map(measure => ({
          table: 'limit' as const,
          ...common,
          id: `${id}-${measure}`,
          measure,
          window: 'minute',
        })),
        {
          table: 'budget',
          ...common,
          id,
          window: 'month',
          thresholds: [
            { percent: 80, action: 'notify' },
            { percent: 100, action: 'block' },
          ],
          refusalStatus: 402,
        },
      ];
    }),
  );
  if (!compiled.ok) throw new Error(compiled.reason);
  const table = new RuleTable();
  table.apply(compiled.rules);
  return table;
}

function eventOf(key: KeyRecord, model: ServedModel): UsageEvent {
  return {
    id: '0199b9c8-5d0c-7000-8000-000000000000',
    occurredAt: NOW,
    requestId: 'bench',
    attempt: 1,
    gatewayId: 'bench',
    projectId: key.projectId,
    businessUnit: 'bench',
    apiKeyId: key.id,
    ownerKind: key.ownerKind,
    ownerRef: key.ownerRef,
    modelId: model.id,
    deploymentId: model.deployments[0].id,
    providerId: 'p',
    upstreamModel: model.id,
    endpoint: 'chat.completions',
    streamed: false,
    outcome: 'complete',
    errorCode: null,
    upstreamStatus: 200,
    usageSource: 'reported',
    tokens: { ...NO_TOKENS, input: 24, output: 16 },
    priceId: null,
    costNanoUsd: 56_000n,
    latencyMs: 1,
    timeToFirstTokenMs: null,
  };
}

const figuresOf = (gauge: LimitGauge): EntryFigures => ({
  counter: { subject: { kind: 'organisation', id: 'default' }, ...gauge },
  limit: Number(PLENTY),
  spent: 100,
  reserved: 100,
  remaining: Number(PLENTY) - 200,
  resetMs: 12_345,
  windowStart: gauge.window === 'month' ? NOW : null,
});

const FIGURES: Readonly<Record<string, EntryFigures>> = {
  requests: figuresOf({ measure: 'requests', window: 'minute' }),
  tokens: figuresOf({ measure: 'tokens', window: 'minute' }),
  money: figuresOf({ measure: 'money', window: 'month' }),
};

/** Grants everything. */
class GenerousLimiter implements Limiter {
  readonly #settled = Promise.resolve({
    outcome: 'settled' as const,
    balances: [],
  });

  reserve({ holdId, entries }: ReserveRequest): Promise<ReserveResult> {
    const granted: HoldEntry[] = [];
    const figures: EntryFigures[] = [];
    for (const { counter, amount } of entries) {
      const figure = FIGURES[counter.measure];
      figures.push(figure);
      const { windowStart } = figure;
      granted.push({ counter, granted: amount, windowStart });
    }
    const hold: Hold = {
      id: holdId,
      store: 'shared',
      admittedAt: NOW,
      expiresAt: NOW + 60_000,
      entries: granted,
    };
    return Promise.resolve({
      outcome: 'admitted',
      hold,
      repeated: false,
      figures,
    });
  }

  settle() {
    return this.#settled;
  }

  release() {
    return this.#settled;
  }

  renew() {
    return Promise.resolve([]);
  }

  seed() {
    return Promise.resolve([]);
  }

  forget() {
    return Promise.resolve();
  }

  read() {
    return Promise.resolve([]);
  }
}

/** Everything that a gateway knows that has so many keys and models. */
function gatewayOf({ keys, models }: Size) {
  const asking = Array.from({ length: Math.min(keys, MOST_ASKING) }, () =>
    generateApiKey(),
  );
  const table = new KeyTable();
  table.apply(
    asking.map(({ id, apiKey }) =>
      keyRow(id, digester.digest(apiKey).digest.toString('hex')),
    ),
  );
  table.apply(
    Array.from({ length: keys - asking.length }, (_, n) =>
      keyRow(`key-${n}`, randomBytes(32).toString('hex')),
    ),
  );
  const modelIds = Array.from({ length: models }, (_, n) =>
    n === 0 ? 'bench' : `bench-${n}`,
  );
  const snapshot = snapshotOf(modelIds);
  const now = () => NOW;
  const monotonic = () => performance.now();
  const limiter = new GenerousLimiter();
  const log = createLog('silent');
  let ids = 0;
  const router = DeploymentRouter.create({ monotonic, random: Math.random });
  router.apply(snapshot);
  const asked = asking.map(({ id, apiKey }, n): Asked => {
    const digest = digester.digest(apiKey).digest.toString('hex');
    const key = table.find(digest)?.key;
    const model = snapshot.models.get(modelIds[n % models]);
    if (!key || !model) throw new Error(`Unknown: ${id}`);
    return {
      headers: {
        host: '127.0.0.1',
        authorization: `Bearer ${apiKey}`,
        'content-type': 'application/json',
      },
      question: {
        key,
        model,
        snapshot,
        endpoint: 'chat.completions',
        inputTokens: 30,
        maxOutputTokens: null,
        choices: 1,
        receivedAt: NOW,
      },
      events: [eventOf(key, model)],
    };
  });
  return {
    asked,
    snapshot,
    router,
    limiter,
    ring: KeyRing.create({
      digester,
      table,
      catchUp: () => Promise.resolve(true),
      now,
    }),
    admissions: Admissions.create({
      chains: RuleChains.create({
        table: rulesOf(asking.map(({ id }) => id)),
      }),
      limiter,
      blind: limiter,
      replicas: () => 1,
      seeder: LedgerSeeder.create({
        balances: { usedIn: () => Promise.resolve(new Map()) },
        limiter,
        whenShipped: () => Promise.resolve(true),
        log,
        now,
        monotonic,
        watch: true,
      }),
      log,
      now,
      monotonic,
      newId: () => `bench-${(ids += 1)}`,
    }),
  };
}

type BenchGateway = ReturnType<typeof gatewayOf>;

function authenticate({ ring }: BenchGateway, { headers }: Asked) {
  const apiKey = apiKeyOf(headers, 'openai');
  const verdict = ring.verify(apiKey ?? '');
  if (verdict instanceof Promise || !verdict.ok) throw new Error('not known');
}

const parse =
  (endpoint: typeof chatCompletions, bytes: Buffer) =>
  (_: BenchGateway, { headers }: Asked) => {
    const parsed = endpoint.parse(bytes, headers);
    if (!parsed.ok) throw new Error(parsed.refusal.message);
  };

async function admit({ admissions }: BenchGateway, { question }: Asked) {
  const verdict = await admissions.admit(question);
  if (!verdict.ok) throw new Error(verdict.refusal.message);
  verdict.admission.release();
}

const nobody = new ServerResponse(new IncomingMessage(new Socket()));

async function admitAndSettle(
  { admissions }: BenchGateway,
  { question, events }: Asked,
) {
  const verdict = await admissions.admit(question);
  const { headers } = verdict;
  for (const name of Object.keys(headers))
    nobody.setHeader(name, headers[name]);
  if (!verdict.ok) throw new Error(verdict.refusal.message);
  await verdict.admission.settle(events);
}

const noFallbacks = () => [];

function route({ snapshot, router }: BenchGateway, { question }: Asked) {
  const model = findModel(snapshot, question.model.id);
  if (!model || !mayCall(question.key, model)) throw new Error('no model');
  const plan = router.plan(model, noFallbacks, {
    startedAt: 0,
    streamed: false,
  });
  const next = plan.next(null);
  if (next.kind !== 'try') throw new Error(next.kind);
  const use = router.begin(next, { number: 1, streamed: false });
  use.answered();
  use.succeeded();
}

const ENTRIES: ReserveEntry[] = Array.from({ length: 9 }, (_, n) => ({
  counter: {
    subject: { kind: 'key', id: `${n}` },
    measure: 'requests',
    window: 'minute',
  },
  limit: 1_000,
  amount: 1,
}));

/** What is not admission's, but of its measurements. */
async function limiterAlone({ limiter }: BenchGateway) {
  const result = await limiter.reserve({
    holdId: 'h',
    ttlMs: 60_000,
    entries: ENTRIES,
  });
  if (result.outcome !== 'admitted') throw new Error(result.outcome);
  await limiter.settle();
}

type Run = (gateway: BenchGateway, asked: Asked) => Promise<void> | void;

const RUNS: Readonly<Record<string, Run>> = {
  authenticate,
  'parse, short chat': parse(chatCompletions, CHAT),
  'parse, 9 KB with tools': parse(chatCompletions, TOOLS),
  'parse, short message': parse(messagesEndpoint, MESSAGE),
  'limiter alone': limiterAlone,
  'admit, release': admit,
  'admit, headers, settle': admitAndSettle,
  'route, begin, succeed': route,
};

async function repeat(
  run: Run,
  gateway: BenchGateway,
  times: number,
): Promise<void> {
  const { asked } = gateway;
  for (let n = 0; n < times; n += 1) {
    const waited = run(gateway, asked[n % asked.length]);
    if (waited) await waited;
  }
}

/** What is there: all that was made, as long as nothing was collected meanwhile. */
function heapBytes(): number {
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

async function bench(
  name: string,
  run: Run,
  gateway: BenchGateway,
): Promise<void> {
  await repeat(run, gateway, WARM_UP);
  const cpu = process.cpuUsage();
  await repeat(run, gateway, TIMES);
  const { user, system } = process.cpuUsage(cpu);
  globalThis.gc?.();
  const heap = heapBytes();
  await repeat(run, gateway, COUNTED);
  const bytes = Math.round((heapBytes() - heap) / COUNTED);
  const micros = ((user + system) / TIMES).toFixed(2);
  process.stdout.write(`${name.padEnd(24)} ${micros} µs, ${bytes} B\n`);
}

async function main(): Promise<void> {
  for (const size of [
    { keys: 10, models: 1 },
    { keys: 100_000, models: 1_000 },
  ]) {
    process.stdout.write(`${size.keys} keys, ${size.models} models\n`);
    const gateway = gatewayOf(size);
    for (const [name, run] of Object.entries(RUNS)) {
      if (name.startsWith(ONLY)) await bench(name, run, gateway);
    }
    await gateway.admissions.close();
  }
}

main().catch(error => {
  process.stderr.write(`${error.stack}\n`);
  process.exitCode = 1;
});
