import { usdToNano } from '@ai-gateway/backstage-plugin-ai-gateway-common';
import {
  applyMigrations,
  CONFIG_CHANNEL,
  generateApiKey,
  KeyDigester,
} from '@ai-gateway/backstage-plugin-ai-gateway-node';
import type { Knex } from 'knex';
import { randomUUID } from 'node:crypto';
import { eventually } from './eventually';

/** The pepper of every test; long enough to be one. */
export const TEST_PEPPER = 'a pepper that is only good for tests';

const BY = 'user:default/test';

/** A key as its owner has it. */
export interface TestKey {
  readonly id: string;
  readonly apiKey: string;
}

/** Writes what the control plane writes, the way it does: the change, the revision and the word of it in one transaction. */
export class TestControlPlane {
  readonly #digester = KeyDigester.create([
    { version: 1, secret: TEST_PEPPER },
  ]);

  constructor(readonly knex: Knex) {}

  static async create(knex: Knex): Promise<TestControlPlane> {
    await applyMigrations(knex);
    const plane = new TestControlPlane(knex);
    await plane.change(tx =>
      tx('projects').insert({
        id: 'search',
        title: 'Search',
        owner_ref: 'group:default/search',
        business_unit: 'retail',
        type: 'internal',
        created_by: BY,
        updated_by: BY,
      }),
    );
    return plane;
  }

  /** @returns the new revision */
  async change(
    write: (tx: Knex.Transaction, revision: number) => PromiseLike<unknown>,
  ): Promise<number> {
    return this.knex.transaction(async tx => {
      const [{ revision }] = await tx('config_revision')
        .increment('revision', 1)
        .returning('revision');
      await write(tx, Number(revision));
      await tx.raw('SELECT pg_notify(?, ?)', [CONFIG_CHANNEL, `${revision}`]);
      return Number(revision);
    });
  }

  async addProvider(
    baseUrl: string,
    options: {
      kind?: string;
      secretRef?: string | null;
      settings?: Record<string, unknown>;
    } = {},
  ): Promise<string> {
    const id = randomUUID();
    await this.change(tx =>
      tx('providers').insert({
        id,
        name: `provider-${id.slice(0, 8)}`,
        title: 'Simulator',
        kind: options.kind ?? 'openai-compatible',
        base_url: baseUrl,
        secret_ref: options.secretRef ?? null,
        settings: JSON.stringify(options.settings ?? {}),
        created_by: BY,
        updated_by: BY,
      }),
    );
    return id;
  }

  /** A model with one deployment, published, at a price of 1 and 2 dollars a million tokens. */
  async addModel(
    id: string,
    options: {
      providerId: string;
      upstreamModel: string;
      published?: boolean;
      price?: { input: bigint; output: bigint } | null;
    },
  ): Promise<{ deploymentId: string; priceId: string }> {
    const deploymentId = randomUUID();
    const priceId = randomUUID();
    const published = options.published ?? true;
    const price =
      options.price === undefined
        ? { input: 1_000_000_000n, output: 2_000_000_000n }
        : options.price;
    await this.change(async tx => {
      await tx('models').insert({
        id,
        title: id,
        modality: 'chat',
        owner_ref: 'group:default/platform',
        lifecycle: 'production',
        created_by: BY,
        updated_by: BY,
      });
      await tx('deployments').insert({
        id: deploymentId,
        model_id: id,
        provider_id: options.providerId,
        upstream_model: options.upstreamModel,
        published,
        ...(published && {
          publication_changed_at: tx.fn.now(),
          publication_changed_by: BY,
        }),
        created_by: BY,
        updated_by: BY,
      });
      if (price) {
        await tx('prices').insert({
          id: priceId,
          deployment_id: deploymentId,
          effective_from: new Date('2026-01-01T00:00:00Z'),
          input_nano_usd_per_million: price.input.toString(),
          output_nano_usd_per_million: price.output.toString(),
          created_by: BY,
        });
      }
    });
    return { deploymentId, priceId };
  }

  async addPrice(
    deploymentId: string,
    price: { input: bigint; output: bigint; from: Date },
  ): Promise<string> {
    const id = randomUUID();
    await this.change(tx =>
      tx('prices').insert({
        id,
        deployment_id: deploymentId,
        effective_from: price.from,
        input_nano_usd_per_million: price.input.toString(),
        output_nano_usd_per_million: price.output.toString(),
        created_by: BY,
      }),
    );
    return id;
  }

  /** Another deployment of a model, published, at the price of the first. */
  async addDeployment(
    modelId: string,
    options: {
      providerId: string;
      upstreamModel: string;
      priority?: number;
      weight?: number;
    },
  ): Promise<string> {
    const id = randomUUID();
    await this.change(async tx => {
      await tx('deployments').insert({
        id,
        model_id: modelId,
        provider_id: options.providerId,
        upstream_model: options.upstreamModel,
        priority: options.priority ?? 0,
        weight: options.weight ?? 1,
        published: true,
        publication_changed_at: tx.fn.now(),
        publication_changed_by: BY,
        created_by: BY,
        updated_by: BY,
      });
      await tx('prices').insert({
        id: randomUUID(),
        deployment_id: id,
        effective_from: new Date('2026-01-01T00:00:00Z'),
        input_nano_usd_per_million: '1000000000',
        output_nano_usd_per_million: '2000000000',
        created_by: BY,
      });
    });
    return id;
  }

  async setRouting(
    modelId: string,
    routing: {
      strategy?: string;
      fallbackModels?: string[];
      retries?: object;
      health?: object;
      timeouts?: object;
    },
  ): Promise<void> {
    await this.change(tx =>
      tx('model_routing')
        .insert({
          model_id: modelId,
          strategy: routing.strategy ?? 'priority',
          fallback_models: routing.fallbackModels ?? [],
          retries: JSON.stringify(routing.retries ?? {}),
          health: JSON.stringify(routing.health ?? {}),
          timeouts: JSON.stringify(routing.timeouts ?? {}),
          created_by: BY,
          updated_by: BY,
        })
        .onConflict('model_id')
        .merge(),
    );
  }

  async addAlias(alias: string, target: string): Promise<void> {
    await this.change(tx =>
      tx('model_aliases').insert({
        alias,
        target,
        created_by: BY,
        updated_by: BY,
      }),
    );
  }

  async setPublished(deploymentId: string, published: boolean): Promise<void> {
    await this.change(tx =>
      tx('deployments').where({ id: deploymentId }).update({
        published,
        publication_changed_at: tx.fn.now(),
        publication_changed_by: BY,
      }),
    );
  }

  async addKey(
    options: {
      expiresAt?: Date;
      modelScope?: string[];
    } = {},
  ): Promise<TestKey> {
    const { id, apiKey, lastFour } = generateApiKey();
    const { digest, pepperVersion } = this.#digester.digest(apiKey);
    await this.change(async (tx, revision) => {
      await tx('api_keys').insert({
        id,
        project_id: 'search',
        owner_kind: 'user',
        owner_ref: 'user:default/ada',
        label: 'test',
        last_four: lastFour,
        model_scope: options.modelScope ?? null,
        created_by: BY,
        expires_at: options.expiresAt ?? null,
        revision,
      });
      await tx('api_key_digests').insert({
        digest,
        api_key_id: id,
        pepper_version: pepperVersion,
      });
    });
    return { id, apiKey };
  }

  /** @returns the revision that says so */
  async revokeKey(id: string): Promise<number> {
    return this.change((tx, revision) =>
      tx('api_keys').where({ id }).update({
        revoked_at: tx.fn.now(),
        revoked_by: BY,
        revision,
      }),
    );
  }

  /** By subject, such as `project:search` or `key:abc`. Amounts of budgets in dollars. @returns its id */
  async addLimit(
    subject: string,
    limit: TestAmount & { measure: string; window: string },
  ): Promise<string> {
    return this.#addRule('limits', subject, {
      measure: limit.measure,
      time_window: limit.window,
      amount: limit.amount ?? null,
      fraction: limit.fraction ?? null,
      ...degradedColumns(limit),
    });
  }

  async addBudget(
    subject: string,
    budget: TestAmount & {
      window: string;
      thresholds?: readonly object[];
      refusalStatus?: 402 | 429;
    },
  ): Promise<string> {
    return this.#addRule('budgets', subject, {
      time_window: budget.window,
      amount_nano_usd:
        budget.amount === undefined
          ? null
          : usdToNano(String(budget.amount)).toString(),
      fraction: budget.fraction ?? null,
      thresholds: JSON.stringify(
        budget.thresholds ?? [{ percent: 100, action: 'block' }],
      ),
      refusal_status: budget.refusalStatus ?? 402,
      ...degradedColumns(budget),
    });
  }

  /** @param columns - of the table, as they are named there */
  async addPolicy(subject: string, columns: object): Promise<string> {
    return this.#addRule('policies', subject, columns);
  }

  /** Changes columns of a limit, a budget or a policy. */
  async changeRule(
    table: 'limits' | 'budgets' | 'policies',
    id: string,
    columns: object,
  ): Promise<number> {
    return this.change((tx, revision) =>
      tx(table)
        .where({ id })
        .update({ ...columns, revision }),
    );
  }

  async removeRule(
    table: 'limits' | 'budgets' | 'policies',
    id: string,
  ): Promise<number> {
    return this.changeRule(table, id, {
      removed_at: this.knex.fn.now(),
      removed_by: BY,
    });
  }

  async #addRule(
    table: string,
    subject: string,
    columns: object,
  ): Promise<string> {
    const id = randomUUID();
    const [, kind, subjectId] = /^([a-z-]+):(.+)$/.exec(subject) ?? [];
    await this.change((tx, revision) =>
      tx(table).insert({
        id,
        subject_kind: kind,
        subject_id: subjectId,
        ...columns,
        revision,
        created_by: BY,
        updated_by: BY,
      }),
    );
    return id;
  }

  /** Waits until every gateway that reports runs the newest revision. */
  async applied(): Promise<void> {
    const { revision } = await this.knex('config_revision').first();
    await eventually(async () => {
      const replicas: { applied_revision: string }[] =
        await this.knex('gateway_replicas');
      return (
        replicas.length > 0 &&
        replicas.every(row => Number(row.applied_revision) >= Number(revision))
      );
    });
  }

  /** The ledger, oldest first. */
  async events(): Promise<LedgerRow[]> {
    return this.knex('usage_events')
      .select('*')
      .orderBy(['occurred_at', 'attempt']);
  }
}

interface TestAmount {
  readonly amount?: number;
  readonly fraction?: number;
  readonly whenDegraded?: 'share' | 'deny' | 'cap';
  readonly degradedFraction?: number;
}

function degradedColumns({ whenDegraded, degradedFraction }: TestAmount) {
  return {
    when_degraded: whenDegraded ?? null,
    degraded_fraction: degradedFraction ?? null,
  };
}

/** A usage event as it stands in the ledger; bigint columns are strings. */
export interface LedgerRow {
  readonly id: string;
  readonly request_id: string;
  readonly attempt: number;
  readonly model_id: string;
  readonly deployment_id: string;
  readonly api_key_id: string;
  readonly outcome: string;
  readonly error_code: string | null;
  readonly upstream_status: number | null;
  readonly usage_source: string;
  readonly endpoint: string;
  readonly input_tokens: string;
  readonly cached_input_tokens: string;
  readonly cache_write_tokens: string;
  readonly output_tokens: string;
  readonly reasoning_tokens: string;
  readonly price_id: string | null;
  readonly cost_nano_usd: string;
  readonly streamed: boolean;
  readonly latency_ms: number;
  readonly time_to_first_token_ms: number | null;
}
