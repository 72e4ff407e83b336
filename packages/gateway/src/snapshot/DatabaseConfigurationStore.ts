import { missingMigrations } from '@ai-gateway/backstage-plugin-ai-gateway-node';
import type { Knex } from 'knex';
import { readKeys } from '../keys/readKeys';
import { countRules, readRuleRows } from '../rules/readRuleRows';
import type { ConfigurationRows } from './ConfigurationRows';
import type {
  ConfigurationStore,
  KnownRevisions,
  LoadedConfiguration,
} from './ConfigurationStore';

/** A server that hangs is as one that is away. */
const REVISION_TIMEOUT_MS = 3_000;
const LOAD_TIMEOUT_MS = 30_000;

/** The configuration in PostgreSQL. */
export class DatabaseConfigurationStore implements ConfigurationStore {
  readonly #knex: Knex;

  static create(options: { knex: Knex }): DatabaseConfigurationStore {
    return new DatabaseConfigurationStore(options.knex);
  }

  private constructor(knex: Knex) {
    this.#knex = knex;
  }

  missingMigrations(): Promise<string[]> {
    return missingMigrations(this.#knex);
  }

  async revision(): Promise<number> {
    return revisionOf(this.#knex, REVISION_TIMEOUT_MS);
  }

  async load(known: KnownRevisions): Promise<LoadedConfiguration> {
    return this.#knex.transaction(
      async tx => ({
        rows: {
          revision: await revisionOf(tx, LOAD_TIMEOUT_MS),
          ...(await readRows(tx)),
        },
        changedKeys: await readKeys(tx, known.keys, LOAD_TIMEOUT_MS),
        keyCount: await countKeys(tx),
        changedRules: await readRuleRows(tx, known.rules, LOAD_TIMEOUT_MS),
        ruleCount: await countRules(tx, LOAD_TIMEOUT_MS),
      }),
      // One moment for all: what a revision number stands for is exactly what is read.
      { isolationLevel: 'repeatable read', readOnly: true },
    );
  }
}

async function revisionOf(knex: Knex, timeoutMs: number): Promise<number> {
  const row: { revision: string } | undefined = await knex('config_revision')
    .first('revision')
    .timeout(timeoutMs);
  return Number(row?.revision ?? 0);
}

async function readRows(
  tx: Knex.Transaction,
): Promise<Omit<ConfigurationRows, 'revision'>> {
  const published = () =>
    tx('deployments')
      .join('providers', 'providers.id', 'deployments.provider_id')
      .where('deployments.published', true)
      .where('providers.enabled', true)
      .timeout(LOAD_TIMEOUT_MS);

  const providers = await published().distinct({
    id: 'providers.id',
    name: 'providers.name',
    kind: 'providers.kind',
    baseUrl: 'providers.base_url',
    secretRef: 'providers.secret_ref',
    settings: 'providers.settings',
  });
  const deployments = await published().select({
    id: 'deployments.id',
    modelId: 'deployments.model_id',
    providerId: 'deployments.provider_id',
    upstreamModel: 'deployments.upstream_model',
    weight: 'deployments.weight',
    priority: 'deployments.priority',
    settings: 'deployments.settings',
  });
  const models: Array<{ id: string; ownerRef: string; createdAt: Date }> =
    await tx('models')
      // Those too of which nothing is published: no alias may have their names.
      .select({ id: 'id', ownerRef: 'owner_ref', createdAt: 'created_at' })
      .timeout(LOAD_TIMEOUT_MS);
  const prices = await tx('prices')
    .whereIn('deployment_id', published().select('deployments.id'))
    .select({
      id: 'id',
      deploymentId: 'deployment_id',
      effectiveFrom: 'effective_from',
      input: 'input_nano_usd_per_million',
      output: 'output_nano_usd_per_million',
      cachedInput: 'cached_input_nano_usd_per_million',
      cacheWrite: 'cache_write_nano_usd_per_million',
      reasoning: 'reasoning_nano_usd_per_million',
      audio: 'audio_nano_usd_per_million',
      image: 'image_nano_usd_per_million',
      perRequest: 'request_nano_usd',
    })
    .timeout(LOAD_TIMEOUT_MS);
  const projects = await tx('projects')
    .select({ id: 'id', businessUnit: 'business_unit' })
    .timeout(LOAD_TIMEOUT_MS);
  const aliases = await tx('model_aliases')
    .select({ alias: 'alias', target: 'target' })
    .timeout(LOAD_TIMEOUT_MS);
  const routes = await tx('model_routing')
    .select({
      modelId: 'model_id',
      strategy: 'strategy',
      fallbackModels: 'fallback_models',
      retries: 'retries',
      health: 'health',
      timeouts: 'timeouts',
    })
    .timeout(LOAD_TIMEOUT_MS);

  return {
    providers,
    deployments,
    projects,
    aliases,
    routes,
    models: models.map(model => ({
      ...model,
      createdAt: model.createdAt.getTime(),
    })),
    // bigint columns come as strings, which is how they are kept.
    prices: prices.map(price => ({
      ...price,
      effectiveFrom: price.effectiveFrom.getTime(),
    })),
  };
}

async function countKeys(tx: Knex.Transaction): Promise<number> {
  const row = await tx('api_keys')
    .count({ count: '*' })
    .first()
    .timeout(LOAD_TIMEOUT_MS);
  return Number(row?.count ?? 0);
}
