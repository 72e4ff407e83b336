import type { Knex } from 'knex';
import type { Page } from '@ai-gateway/backstage-plugin-ai-gateway-common';
import type { Stamp } from '../Stamp';
import type {
  ProviderFields,
  ProviderRecord,
  ProviderStore,
} from './ProviderStore';

const COLUMNS = {
  id: 'p.id',
  name: 'p.name',
  title: 'p.title',
  kind: 'p.kind',
  baseUrl: 'p.base_url',
  secretRef: 'p.secret_ref',
  settings: 'p.settings',
  enabled: 'p.enabled',
  version: 'p.version',
  createdAt: 'p.created_at',
  createdBy: 'p.created_by',
  updatedAt: 'p.updated_at',
  updatedBy: 'p.updated_by',
};

/** Keeps providers in PostgreSQL. */
export class DatabaseProviderStore implements ProviderStore {
  readonly #db: Knex;

  static create(db: Knex): DatabaseProviderStore {
    return new DatabaseProviderStore(db);
  }

  private constructor(db: Knex) {
    this.#db = db;
  }

  async list(page: {
    limit: number;
    offset: number;
  }): Promise<Page<ProviderRecord>> {
    const [{ count }] = await this.#db('providers').count<
      Array<{ count: string }>
    >({ count: '*' });
    const items = await this.#selected()
      .orderByRaw('lower(p.title), p.id')
      .limit(page.limit)
      .offset(page.offset);
    return { items, totalCount: Number(count) };
  }

  async get(id: string): Promise<ProviderRecord | undefined> {
    const [provider] = await this.#selected().where('p.id', id);
    return provider;
  }

  async insert(
    key: { id: string; name: string },
    fields: ProviderFields,
    { at, by }: Stamp,
  ): Promise<boolean> {
    const inserted = await this.#db('providers')
      .insert({
        ...key,
        ...columnsOf(fields),
        created_at: at,
        created_by: by,
        updated_at: at,
        updated_by: by,
      })
      .onConflict('name')
      .ignore()
      .returning('id');
    return inserted.length > 0;
  }

  async update(
    id: string,
    fields: ProviderFields,
    { at, by }: Stamp,
  ): Promise<void> {
    await this.#db('providers')
      .where({ id })
      .update({
        ...columnsOf(fields),
        updated_at: at,
        updated_by: by,
        version: this.#db.raw('version + 1'),
      });
  }

  async delete(id: string): Promise<void> {
    await this.#db('providers').where({ id }).delete();
  }

  async publishedModelIds(id: string): Promise<string[]> {
    return this.#db('deployments')
      .where({ provider_id: id, published: true })
      .distinct()
      .pluck('model_id');
  }

  #selected() {
    return this.#db({ p: 'providers' }).select<ProviderRecord[]>(
      COLUMNS,
      this.#db.raw(
        '(SELECT count(*)::integer FROM deployments d WHERE d.provider_id = p.id) AS "deploymentCount"',
      ),
    );
  }
}

function columnsOf(fields: ProviderFields) {
  return {
    title: fields.title,
    kind: fields.kind,
    base_url: fields.baseUrl,
    secret_ref: fields.secretRef,
    settings: JSON.stringify(fields.settings),
    enabled: fields.enabled,
  };
}
