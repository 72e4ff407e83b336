import type { Knex } from 'knex';
import type { Page } from '@ai-gateway/backstage-plugin-ai-gateway-common';
import type { ProjectFilter } from '../../permissions/resources';
import type { Scope } from '../../permissions/Scope';
import { rowsOf } from '../rowsOf';
import type { Stamp } from '../Stamp';
import { projectScopeToSql } from './projectScopeToSql';
import type {
  ProjectFields,
  ProjectRecord,
  ProjectStore,
} from './ProjectStore';

const COLUMNS = {
  id: 'pj.id',
  title: 'pj.title',
  description: 'pj.description',
  ownerRef: 'pj.owner_ref',
  businessUnit: 'pj.business_unit',
  costCentre: 'pj.cost_centre',
  type: 'pj.type',
  version: 'pj.version',
  createdAt: 'pj.created_at',
  createdBy: 'pj.created_by',
  updatedAt: 'pj.updated_at',
  updatedBy: 'pj.updated_by',
};

/** Keeps projects in PostgreSQL. */
export class DatabaseProjectStore implements ProjectStore {
  readonly #db: Knex;

  static create(db: Knex): DatabaseProjectStore {
    return new DatabaseProjectStore(db);
  }

  private constructor(db: Knex) {
    this.#db = db;
  }

  async list(
    scope: Scope<ProjectFilter>,
    page: { limit: number; offset: number },
  ): Promise<Page<ProjectRecord>> {
    const filtered = this.#within(scope);
    const [{ count }] = await filtered
      .clone()
      .count<Array<{ count: string }>>({ count: '*' });
    const items = await filtered
      .select<ProjectRecord[]>(COLUMNS)
      .orderByRaw('lower(pj.title), pj.id')
      .limit(page.limit)
      .offset(page.offset);
    return { items, totalCount: Number(count) };
  }

  async get(
    id: string,
    scope: Scope<ProjectFilter>,
  ): Promise<ProjectRecord | undefined> {
    const [project] = await this.#within(scope)
      .where('pj.id', id)
      .select<ProjectRecord[]>(COLUMNS);
    return project;
  }

  async ids(scope: Scope<ProjectFilter>): Promise<string[]> {
    return this.#within(scope).pluck('pj.id');
  }

  async owners(ids: readonly string[]): Promise<Array<string | undefined>> {
    const rows = await rowsOf<{ id: string; ownerRef: string }>(
      this.#db,
      'SELECT id, owner_ref AS "ownerRef" FROM projects WHERE id = ANY(:ids)',
      { ids },
    );
    const owners = new Map(rows.map(row => [row.id, row.ownerRef]));
    return ids.map(id => owners.get(id));
  }

  async insert(
    key: { id: string; type: 'internal' | 'client' },
    fields: ProjectFields,
    { at, by }: Stamp,
  ): Promise<boolean> {
    const inserted = await this.#db('projects')
      .insert({
        ...key,
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
    fields: ProjectFields,
    { at, by }: Stamp,
  ): Promise<void> {
    await this.#db('projects')
      .where({ id })
      .update({
        ...columnsOf(fields),
        updated_at: at,
        updated_by: by,
        version: this.#db.raw('version + 1'),
      });
  }

  #within(scope: Scope<ProjectFilter>): Knex.QueryBuilder {
    const { sql, bindings } = projectScopeToSql(scope);
    return this.#db({ pj: 'projects' }).whereRaw(sql, [...bindings]);
  }
}

function columnsOf(fields: ProjectFields) {
  return {
    title: fields.title,
    description: fields.description,
    owner_ref: fields.ownerRef,
    business_unit: fields.businessUnit,
    cost_centre: fields.costCentre,
  };
}
