import type { Knex } from 'knex';
import type {
  Page,
  ProviderKind,
} from '@ai-gateway/backstage-plugin-ai-gateway-common';
import type { Stamp } from '../Stamp';
import type {
  DeploymentFields,
  DeploymentQuery,
  DeploymentRecord,
  DeploymentStore,
} from './DeploymentStore';

const COLUMNS = {
  id: 'd.id',
  modelId: 'd.model_id',
  providerId: 'p.id',
  providerName: 'p.name',
  providerTitle: 'p.title',
  providerKind: 'p.kind',
  providerEnabled: 'p.enabled',
  upstreamModel: 'd.upstream_model',
  weight: 'd.weight',
  priority: 'd.priority',
  settings: 'd.settings',
  published: 'd.published',
  publicationChangedAt: 'd.publication_changed_at',
  publicationChangedBy: 'd.publication_changed_by',
  version: 'd.version',
  createdAt: 'd.created_at',
  createdBy: 'd.created_by',
  updatedAt: 'd.updated_at',
  updatedBy: 'd.updated_by',
};

type DeploymentRow = Omit<DeploymentRecord, 'provider'> & {
  providerId: string;
  providerName: string;
  providerTitle: string;
  providerKind: ProviderKind;
  providerEnabled: boolean;
};

/** Keeps deployments in PostgreSQL. */
export class DatabaseDeploymentStore implements DeploymentStore {
  readonly #db: Knex;

  static create(db: Knex): DatabaseDeploymentStore {
    return new DatabaseDeploymentStore(db);
  }

  private constructor(db: Knex) {
    this.#db = db;
  }

  async list(query: DeploymentQuery): Promise<Page<DeploymentRecord>> {
    const filtered = this.#joined();
    if (query.modelId) filtered.where('d.model_id', query.modelId);
    if (query.providerId) filtered.where('d.provider_id', query.providerId);
    const [{ count }] = await filtered
      .clone()
      .count<Array<{ count: string }>>({ count: '*' });
    const rows = await filtered
      .select<DeploymentRow[]>(COLUMNS)
      .orderByRaw('d.model_id, d.priority, d.weight DESC, d.created_at, d.id')
      .limit(query.limit)
      .offset(query.offset);
    return { items: rows.map(recordOf), totalCount: Number(count) };
  }

  async get(id: string): Promise<DeploymentRecord | undefined> {
    const [row] = await this.#joined()
      .select<DeploymentRow[]>(COLUMNS)
      .where('d.id', id);
    return row && recordOf(row);
  }

  async insert(
    key: { id: string; modelId: string; providerId: string },
    fields: DeploymentFields,
    { at, by }: Stamp,
  ): Promise<boolean> {
    const inserted = await this.#db('deployments')
      .insert({
        id: key.id,
        model_id: key.modelId,
        provider_id: key.providerId,
        ...columnsOf(fields),
        created_at: at,
        created_by: by,
        updated_at: at,
        updated_by: by,
      })
      .onConflict(['model_id', 'provider_id', 'upstream_model'])
      .ignore()
      .returning('id');
    return inserted.length > 0;
  }

  async update(
    id: string,
    fields: DeploymentFields,
    { at, by }: Stamp,
  ): Promise<boolean> {
    const updated = await this.#db({ d: 'deployments' })
      .where('d.id', id)
      .whereNotExists(
        this.#db({ other: 'deployments' })
          .select('other.id')
          .whereRaw(
            'other.model_id = d.model_id AND other.provider_id = d.provider_id AND other.id <> d.id',
          )
          .where('other.upstream_model', fields.upstreamModel),
      )
      .update({
        ...columnsOf(fields),
        updated_at: at,
        updated_by: by,
        version: this.#db.raw('version + 1'),
      });
    return updated > 0;
  }

  async setPublished(
    id: string,
    published: boolean,
    { at, by }: Stamp,
  ): Promise<void> {
    await this.#db('deployments')
      .where({ id })
      .update({
        published,
        publication_changed_at: at,
        publication_changed_by: by,
        updated_at: at,
        updated_by: by,
        version: this.#db.raw('version + 1'),
      });
  }

  async delete(id: string): Promise<void> {
    await this.#db('deployments').where({ id }).delete();
  }

  async wasUsed(id: string): Promise<boolean> {
    // In the sums: an index of events by deployment would cost each event.
    return Boolean(
      await this.#db('usage_daily').where({ deployment_id: id }).first('day'),
    );
  }

  #joined(): Knex.QueryBuilder {
    return this.#db({ d: 'deployments' }).join(
      { p: 'providers' },
      'p.id',
      'd.provider_id',
    );
  }
}

function columnsOf(fields: DeploymentFields) {
  return {
    upstream_model: fields.upstreamModel,
    weight: fields.weight,
    priority: fields.priority,
    settings: JSON.stringify(fields.settings),
  };
}

function recordOf(row: DeploymentRow): DeploymentRecord {
  const {
    providerId,
    providerName,
    providerTitle,
    providerKind,
    providerEnabled,
    ...rest
  } = row;
  return {
    ...rest,
    provider: {
      id: providerId,
      name: providerName,
      title: providerTitle,
      kind: providerKind,
      enabled: providerEnabled,
    },
  };
}
