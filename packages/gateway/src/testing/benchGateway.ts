import {
  generateApiKey,
  KeyDigester,
  type UsageEvent,
} from '@ai-gateway/backstage-plugin-ai-gateway-node';
import { randomBytes } from 'node:crypto';
import type { AdmissionQuestion } from '../admission/AdmissionQuestion';
import { Admissions } from '../admission/Admissions';
import { LedgerSeeder } from '../admission/LedgerSeeder';
import { KeyRing } from '../keys/KeyRing';
import type { KeyRecord } from '../keys/KeyRecord';
import { KeyTable } from '../keys/KeyTable';
import { KeyStorer } from '../keys/StoredKey';
import { settledEvent } from '../metering/usageEvent';
import { compileRules } from '../rules/compileRule';
import { RuleChains } from '../rules/RuleChains';
import type { RuleRow } from '../rules/RuleRow';
import { RuleTable } from '../rules/RuleTable';
import { compileSnapshot } from '../snapshot/compileSnapshot';
import type { KeyRow } from '../snapshot/ConfigurationRows';
import type { ServedModel, Snapshot } from '../snapshot/Snapshot';
import { createLog } from '../telemetry/log';
import { DeploymentRouter } from '../upstream/DeploymentRouter';
import { GenerousLimiter } from './GenerousLimiter';
import { TEST_RESULT, testAttempt } from './testAttempt';

/** Those of many keys that requests come with. */
const MOST_ASKING = 2_000;
const PLENTY = '9000000000000000';
const NOW = Date.UTC(2026, 5, 1);

/** How much there is of it. */
export interface Size {
  readonly keys: number;
  readonly models: number;
}

/** A request, and what it comes to. */
export interface Asked {
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
  const deployment = model.deployments[0];
  return settledEvent({ ...testAttempt(key), deployment }, TEST_RESULT);
}

/** Everything that a gateway knows that has so many keys and models. */
export function benchGateway({ keys, models }: Size) {
  const asking = Array.from({ length: Math.min(keys, MOST_ASKING) }, () =>
    generateApiKey(),
  );
  const table = new KeyTable();
  const storer = new KeyStorer();
  table.apply(
    asking.map(({ id, apiKey }) =>
      storer.store(keyRow(id, digester.digest(apiKey).digest.toString('hex'))),
    ),
  );
  table.apply(
    Array.from({ length: keys - asking.length }, (_, n) =>
      storer.store(keyRow(`key-${n}`, randomBytes(32).toString('hex'))),
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
    const key = table.find(digest);
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
      store: 'shared',
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

export type BenchGateway = ReturnType<typeof benchGateway>;
