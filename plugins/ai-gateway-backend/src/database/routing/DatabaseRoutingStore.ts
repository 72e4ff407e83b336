import type { Knex } from 'knex';
import {
  healthSettingsSchema,
  retrySettingsSchema,
  timeoutSettingsSchema,
  type RoutingTable,
} from '@ai-gateway/backstage-plugin-ai-gateway-common';
import { rowsOf } from '../rowsOf';
import type { Stamp } from '../Stamp';
import type {
  RoutingFields,
  RoutingRecord,
  RoutingStore,
} from './RoutingStore';

/** Keeps how models are routed in PostgreSQL. */
export class DatabaseRoutingStore implements RoutingStore {
  readonly #db: Knex;

  static create(db: Knex): DatabaseRoutingStore {
    return new DatabaseRoutingStore(db);
  }

  private constructor(db: Knex) {
    this.#db = db;
  }

  async get(modelId: string): Promise<RoutingRecord | undefined> {
    const [row] = await this.#db('model_routing')
      .where({ model_id: modelId })
      .select<
        Array<
          Omit<RoutingRecord, 'retries' | 'health' | 'timeouts'> & {
            retries: unknown;
            health: unknown;
            timeouts: unknown;
          }
        >
      >({
        modelId: 'model_id',
        strategy: 'strategy',
        fallbackModels: 'fallback_models',
        retries: 'retries',
        health: 'health',
        timeouts: 'timeouts',
        version: 'version',
        updatedAt: 'updated_at',
        updatedBy: 'updated_by',
      });
    return (
      row && {
        ...row,
        retries: retrySettingsSchema.parse(row.retries),
        health: healthSettingsSchema.parse(row.health),
        timeouts: timeoutSettingsSchema.parse(row.timeouts),
      }
    );
  }

  async put(
    modelId: string,
    fields: RoutingFields,
    { at, by }: Stamp,
  ): Promise<void> {
    const columns = {
      strategy: fields.strategy,
      fallback_models: fields.fallbackModels,
      retries: JSON.stringify(fields.retries),
      health: JSON.stringify(fields.health),
      timeouts: JSON.stringify(fields.timeouts),
      updated_at: at,
      updated_by: by,
    };
    await this.#db('model_routing')
      .insert({
        model_id: modelId,
        ...columns,
        created_at: at,
        created_by: by,
      })
      .onConflict('model_id')
      .merge({
        ...columns,
        version: this.#db.raw('model_routing.version + 1'),
      });
  }

  async table(): Promise<RoutingTable> {
    const models = await rowsOf<{ id: string; served: boolean }>(
      this.#db,
      `SELECT m.id, EXISTS (
         SELECT FROM deployments d JOIN providers p ON p.id = d.provider_id
         WHERE d.model_id = m.id AND d.published AND p.enabled
       ) AS served FROM models m`,
    );
    return {
      models: new Set(models.map(({ id }) => id)),
      served: new Set(
        models.filter(({ served }) => served).map(({ id }) => id),
      ),
      aliases: await this.#db('model_aliases')
        .select<RoutingTable['aliases']>({ alias: 'alias', target: 'target' })
        .orderBy('alias'),
      routes: await this.#db('model_routing')
        .select<RoutingTable['routes']>({
          modelId: 'model_id',
          fallbackModels: 'fallback_models',
        })
        .orderBy('model_id'),
    };
  }
}
