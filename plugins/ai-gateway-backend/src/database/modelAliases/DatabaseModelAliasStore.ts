import type { Knex } from 'knex';
import type { Stamp } from '../Stamp';
import type { ModelAliasRecord, ModelAliasStore } from './ModelAliasStore';

const COLUMNS = {
  alias: 'alias',
  target: 'target',
  version: 'version',
  createdAt: 'created_at',
  createdBy: 'created_by',
  updatedAt: 'updated_at',
  updatedBy: 'updated_by',
};

/** Keeps other names of models in PostgreSQL. */
export class DatabaseModelAliasStore implements ModelAliasStore {
  readonly #db: Knex;

  static create(db: Knex): DatabaseModelAliasStore {
    return new DatabaseModelAliasStore(db);
  }

  private constructor(db: Knex) {
    this.#db = db;
  }

  async list(): Promise<ModelAliasRecord[]> {
    return this.#db('model_aliases')
      .select<ModelAliasRecord[]>(COLUMNS)
      .orderBy('alias');
  }

  async get(alias: string): Promise<ModelAliasRecord | undefined> {
    const [record] = await this.#db('model_aliases')
      .where({ alias })
      .select<ModelAliasRecord[]>(COLUMNS);
    return record;
  }

  async insert(
    alias: string,
    target: string,
    { at, by }: Stamp,
  ): Promise<boolean> {
    const inserted = await this.#db('model_aliases')
      .insert({
        alias,
        target,
        created_at: at,
        created_by: by,
        updated_at: at,
        updated_by: by,
      })
      .onConflict('alias')
      .ignore()
      .returning('alias');
    return inserted.length > 0;
  }

  async update(
    alias: string,
    target: string,
    { at, by }: Stamp,
  ): Promise<void> {
    await this.#db('model_aliases')
      .where({ alias })
      .update({
        target,
        updated_at: at,
        updated_by: by,
        version: this.#db.raw('version + 1'),
      });
  }

  async delete(alias: string): Promise<void> {
    await this.#db('model_aliases').where({ alias }).delete();
  }
}
