import {
  applyMigrations,
  CONFIG_CHANNEL,
  generateApiKey,
  KeyDigester,
} from '@ai-gateway/backstage-plugin-ai-gateway-node';
import createKnex, { type Knex } from 'knex';
import { randomBytes, randomUUID } from 'node:crypto';
import type { Price } from '../ledger/exactCost';
import type { Connection } from './Postgres';

const BY = 'user:default/reliability';
const DATABASE = 'backstage_plugin_ai-gateway';
const PROJECT = 'search';

/** What a gateway is asked to serve. */
export interface NewModel {
  readonly id: string;
  readonly deployments: ReadonlyArray<{
    readonly providerId: string;
    readonly upstreamModel: string;
    /** The lowest is tried first. */
    readonly priority?: number;
  }>;
  readonly price: Price;
  /** As `model_routing` has it; left out, the defaults. */
  readonly routing?: { readonly retries?: object; readonly health?: object };
}

/** Writes configuration as the control plane does: the change, its revision and the word of it in one transaction. */
export class ControlPlane {
  /** Under which keys are digested, here and in the gateways. */
  readonly pepper = randomBytes(32).toString('hex');
  readonly database = DATABASE;
  readonly project = PROJECT;
  #revision = 0;
  readonly #digester = KeyDigester.create([
    { version: 1, secret: this.pepper },
  ]);

  static async create(connection: Connection): Promise<ControlPlane> {
    const server = createKnex({ client: 'pg', connection });
    await server.raw('CREATE DATABASE ??', [DATABASE]);
    await server.destroy();
    const knex = createKnex({
      client: 'pg',
      connection: { ...connection, database: DATABASE },
      pool: { min: 0, max: 4 },
      // Of connections that break while nobody uses them; whoever uses one is told anyway.
      log: { warn: () => undefined, error: () => undefined },
    });
    await applyMigrations(knex);
    const plane = new ControlPlane(knex);
    await plane.change(tx =>
      tx('projects').insert({
        id: PROJECT,
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

  private constructor(readonly knex: Knex) {}

  /** Of the last change. */
  get revision(): number {
    return this.#revision;
  }

  /** @returns the new revision */
  async change(
    write: (tx: Knex.Transaction, revision: number) => PromiseLike<unknown>,
  ): Promise<number> {
    this.#revision = await this.knex.transaction(async tx => {
      const [{ revision }] = await tx('config_revision')
        .increment('revision', 1)
        .returning('revision');
      await write(tx, Number(revision));
      await tx.raw('SELECT pg_notify(?, ?)', [CONFIG_CHANNEL, `${revision}`]);
      return Number(revision);
    });
    return this.#revision;
  }

  /** @param baseUrl - ending in `/v1` */
  async addProvider(baseUrl: string): Promise<string> {
    const id = randomUUID();
    await this.change(tx =>
      tx('providers').insert({
        id,
        name: `provider-${id.slice(0, 8)}`,
        title: 'Simulator',
        kind: 'openai-compatible',
        base_url: baseUrl,
        secret_ref: null,
        created_by: BY,
        updated_by: BY,
      }),
    );
    return id;
  }

  /** @returns the ids of its deployments */
  async addModel({
    id,
    deployments,
    price,
    routing,
  }: NewModel): Promise<string[]> {
    const ids = deployments.map(() => randomUUID());
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
      for (const [
        index,
        { providerId, upstreamModel, priority = 0 },
      ] of deployments.entries()) {
        await tx('deployments').insert({
          id: ids[index],
          model_id: id,
          provider_id: providerId,
          upstream_model: upstreamModel,
          priority,
          published: true,
          publication_changed_at: tx.fn.now(),
          publication_changed_by: BY,
          created_by: BY,
          updated_by: BY,
        });
        await tx('prices').insert({
          id: randomUUID(),
          deployment_id: ids[index],
          effective_from: new Date('2026-01-01T00:00:00Z'),
          input_nano_usd_per_million: price.input.toString(),
          output_nano_usd_per_million: price.output.toString(),
          created_by: BY,
        });
      }
      if (routing) {
        await tx('model_routing').insert({
          model_id: id,
          retries: JSON.stringify(routing.retries ?? {}),
          health: JSON.stringify(routing.health ?? {}),
          created_by: BY,
          updated_by: BY,
        });
      }
    });
    return ids;
  }

  async addKey(): Promise<{ id: string; apiKey: string }> {
    const { id, apiKey, lastFour } = generateApiKey();
    const { digest, pepperVersion } = this.#digester.digest(apiKey);
    await this.change(async (tx, revision) => {
      await tx('api_keys').insert({
        id,
        project_id: PROJECT,
        owner_kind: 'project',
        owner_ref: null,
        label: 'reliability',
        last_four: lastFour,
        model_scope: null,
        created_by: BY,
        expires_at: null,
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

  /** What a subject may spend in total; at its end it is blocked. */
  async addBudget(options: {
    subjectKind: string;
    subjectId: string;
    amount: bigint;
    whenDegraded?: 'deny' | 'share';
  }): Promise<void> {
    await this.change((tx, revision) =>
      tx('budgets').insert({
        id: randomUUID(),
        subject_kind: options.subjectKind,
        subject_id: options.subjectId,
        time_window: 'total',
        amount_nano_usd: options.amount.toString(),
        thresholds: JSON.stringify([{ percent: 100, action: 'block' }]),
        when_degraded: options.whenDegraded ?? null,
        created_by: BY,
        updated_by: BY,
        revision,
      }),
    );
  }

  /** How much a subject may use in a minute. */
  async addLimit(options: {
    subjectKind: string;
    subjectId: string;
    measure: 'requests' | 'tokens';
    amount: number;
  }): Promise<void> {
    await this.change((tx, revision) =>
      tx('limits').insert({
        id: randomUUID(),
        subject_kind: options.subjectKind,
        subject_id: options.subjectId,
        measure: options.measure,
        time_window: 'minute',
        amount: options.amount,
        created_by: BY,
        updated_by: BY,
        revision,
      }),
    );
  }

  async close(): Promise<void> {
    await this.knex.destroy();
  }
}
