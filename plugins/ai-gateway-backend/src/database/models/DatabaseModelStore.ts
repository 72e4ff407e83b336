import type { Knex } from 'knex';
import type {
  Page,
  ProviderKind,
} from '@ai-gateway/backstage-plugin-ai-gateway-common';
import { likePattern } from '../likePattern';
import { priceColumns, ratesOf, type PriceAmountRow } from '../prices/priceRow';
import { rowsOf } from '../rowsOf';
import type { Stamp } from '../Stamp';
import type {
  ModelFields,
  ModelQuery,
  ModelRecord,
  ModelStore,
  ModelTarget,
} from './ModelStore';

const COLUMNS = {
  id: 'm.id',
  title: 'm.title',
  description: 'm.description',
  modality: 'm.modality',
  capabilities: 'm.capabilities',
  contextWindow: 'm.context_window',
  maxOutputTokens: 'm.max_output_tokens',
  ownerRef: 'm.owner_ref',
  lifecycle: 'm.lifecycle',
  version: 'm.version',
  createdAt: 'm.created_at',
  createdBy: 'm.created_by',
  updatedAt: 'm.updated_at',
  updatedBy: 'm.updated_by',
};

const SERVED = `EXISTS (
  SELECT 1 FROM deployments d JOIN providers p ON p.id = d.provider_id
  WHERE d.model_id = m.id AND d.published AND p.enabled
)`;

/** Keeps models in PostgreSQL. */
export class DatabaseModelStore implements ModelStore {
  readonly #db: Knex;

  static create(db: Knex): DatabaseModelStore {
    return new DatabaseModelStore(db);
  }

  private constructor(db: Knex) {
    this.#db = db;
  }

  async list(query: ModelQuery): Promise<Page<ModelRecord>> {
    const filtered = this.#filtered(query);
    const [{ count }] = await filtered
      .clone()
      .count<Array<{ count: string }>>({ count: '*' });
    const items = await filtered
      .select<ModelRecord[]>(COLUMNS)
      .orderByRaw('lower(m.title), m.id')
      .limit(query.limit)
      .offset(query.offset);
    return { items, totalCount: Number(count) };
  }

  async get(id: string): Promise<ModelRecord | undefined> {
    const [model] = await this.#db({ m: 'models' })
      .select<ModelRecord[]>(COLUMNS)
      .where('m.id', id);
    return model;
  }

  async insert(
    id: string,
    fields: ModelFields,
    { at, by }: Stamp,
  ): Promise<boolean> {
    const inserted = await this.#db('models')
      .insert({
        id,
        ...columnsOf(fields),
        created_at: at,
        created_by: by,
        updated_at: at,
        updated_by: by,
      })
      .onConflict('id')
      .ignore()
      .returning('id');
    return inserted.length > 0;
  }

  async update(
    id: string,
    fields: ModelFields,
    { at, by }: Stamp,
  ): Promise<void> {
    await this.#db('models')
      .where({ id })
      .update({
        ...columnsOf(fields),
        updated_at: at,
        updated_by: by,
        version: this.#db.raw('version + 1'),
      });
  }

  async delete(id: string): Promise<void> {
    await this.#db('models').where({ id }).delete();
  }

  async hasDeployments(id: string): Promise<boolean> {
    return Boolean(
      await this.#db('deployments').where({ model_id: id }).first('id'),
    );
  }

  async hasSubscriptions(id: string): Promise<boolean> {
    return Boolean(
      await this.#db('subscriptions').where({ model_id: id }).first('id'),
    );
  }

  async existing(ids: readonly string[]): Promise<Set<string>> {
    const rows = await rowsOf<{ id: string }>(
      this.#db,
      'SELECT id FROM models WHERE id = ANY(:ids)',
      { ids },
    );
    return new Set(rows.map(row => row.id));
  }

  async served(ids: readonly string[]): Promise<Set<string>> {
    const rows = await rowsOf<{ id: string }>(
      this.#db,
      `SELECT m.id FROM models m WHERE m.id = ANY(:ids) AND ${SERVED}`,
      { ids },
    );
    return new Set(rows.map(row => row.id));
  }

  async targets(ids: readonly string[], at: Date): Promise<ModelTarget[]> {
    const rows = await rowsOf<
      {
        modelId: string;
        served: boolean;
        name: string;
        title: string;
        kind: ProviderKind;
      } & PriceAmountRow
    >(
      this.#db,
      `SELECT d.model_id AS "modelId", d.published AND p.enabled AS served,
              p.name, p.title, p.kind, ${priceColumns('price')}
       FROM deployments d
       JOIN providers p ON p.id = d.provider_id
       LEFT JOIN LATERAL (
         SELECT * FROM prices WHERE deployment_id = d.id AND effective_from <= :at
         ORDER BY effective_from DESC LIMIT 1
       ) price ON true
       WHERE d.model_id = ANY(:ids)
       ORDER BY d.model_id, d.priority, d.weight DESC, d.created_at, d.id`,
      { ids, at },
    );
    return rows.map(row => ({
      modelId: row.modelId,
      served: row.served,
      provider: { name: row.name, title: row.title, kind: row.kind },
      rates: ratesOf(row),
    }));
  }

  #filtered(query: ModelQuery): Knex.QueryBuilder {
    const builder = this.#db({ m: 'models' });
    for (const word of query.words) {
      const pattern = likePattern(word);
      builder.whereRaw(
        '(m.id ILIKE ? OR m.title ILIKE ? OR m.description ILIKE ?)',
        [pattern, pattern, pattern],
      );
    }
    if (query.modality) builder.where('m.modality', query.modality);
    if (query.capability) {
      builder.whereRaw('? = ANY(m.capabilities)', [query.capability]);
    }
    if (query.provider) {
      builder.whereRaw(
        `EXISTS (
           SELECT 1 FROM deployments d JOIN providers p ON p.id = d.provider_id
           WHERE d.model_id = m.id AND p.name = ?
             AND (? OR (d.published AND p.enabled))
         )`,
        [query.provider, query.anyTarget],
      );
    }
    switch (query.status) {
      case 'all':
        break;
      case 'published':
        builder.whereRaw(SERVED);
        break;
      case 'available':
        builder.whereRaw(`${SERVED} AND m.lifecycle <> 'deprecated'`);
        break;
      case 'deprecated':
        builder.whereRaw(`${SERVED} AND m.lifecycle = 'deprecated'`);
        break;
      case 'unpublished':
        builder.whereRaw(`NOT ${SERVED}`);
        break;
      default: {
        const impossible: never = query.status;
        throw new TypeError(`Unknown status: ${impossible}`);
      }
    }
    return builder;
  }
}

function columnsOf(fields: ModelFields) {
  return {
    title: fields.title,
    description: fields.description,
    modality: fields.modality,
    capabilities: [...fields.capabilities],
    context_window: fields.contextWindow,
    max_output_tokens: fields.maxOutputTokens,
    owner_ref: fields.ownerRef,
    lifecycle: fields.lifecycle,
  };
}
