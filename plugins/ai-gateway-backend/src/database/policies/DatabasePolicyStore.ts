import type { Knex } from 'knex';
import type {
  Page,
  PolicySubject,
  Subject,
} from '@ai-gateway/backstage-plugin-ai-gateway-common';
import type { SubjectFilter } from '../../permissions/resources';
import type { Scope } from '../../permissions/Scope';
import type { Stamp } from '../Stamp';
import {
  createdColumns,
  removedColumns,
  SUBJECT_COLUMNS,
  subjectColumns,
  updatedColumns,
  whereBelow,
  whereQueried,
  whereSubjects,
  whereWithin,
  WIDEST_FIRST,
  type SubjectQuery,
  type SubjectRecord,
} from '../subjects/subjectRows';
import type {
  PolicyFields,
  PolicyKey,
  PolicyRecord,
  PolicyStore,
} from './PolicyStore';

const COLUMNS = {
  ...SUBJECT_COLUMNS,
  allowedModels: 'allowed_models',
  deniedModels: 'denied_models',
  allowedEndpoints: 'allowed_endpoints',
  deniedEndpoints: 'denied_endpoints',
  maxContextTokens: 'max_context_tokens',
  maxOutputTokens: 'max_output_tokens',
  whenExceeded: 'when_exceeded',
  bodyCapture: 'body_capture',
  bodyCaptureMaxBytes: 'body_capture_max_bytes',
};

interface PolicyRow extends PolicyFields, SubjectRecord {
  readonly subjectKind: PolicySubject['kind'];
  readonly subjectId: string;
}

/** Keeps policies in PostgreSQL. Of a removed one the row stays, for gateways to learn of it. */
export class DatabasePolicyStore implements PolicyStore {
  readonly #db: Knex;

  static create(db: Knex): DatabasePolicyStore {
    return new DatabasePolicyStore(db);
  }

  private constructor(db: Knex) {
    this.#db = db;
  }

  async list(
    scope: Scope<SubjectFilter>,
    query: SubjectQuery,
  ): Promise<Page<PolicyRecord>> {
    const filtered = whereQueried(whereWithin(this.#live(), scope), query);
    const [{ count }] = await filtered
      .clone()
      .count<Array<{ count: string }>>({ count: '*' });
    const items = await read(filtered.limit(query.limit).offset(query.offset));
    return { items, totalCount: Number(count) };
  }

  async get(
    id: string,
    scope: Scope<SubjectFilter>,
  ): Promise<PolicyRecord | undefined> {
    const [record] = await read(whereWithin(this.#live(), scope).where({ id }));
    return record;
  }

  async wasThere(id: string, scope: Scope<SubjectFilter>): Promise<boolean> {
    const rows = await whereWithin(this.#db('policies'), scope)
      .where({ id })
      .select('id');
    return rows.length > 0;
  }

  async of(subjects: readonly Subject[]): Promise<PolicyRecord[]> {
    return read(whereSubjects(this.#live(), subjects));
  }

  async below(subject: Subject): Promise<PolicyRecord[]> {
    return read(whereBelow(this.#live(), subject));
  }

  async insert(
    key: PolicyKey,
    fields: PolicyFields,
    stamp: Stamp,
    revision: bigint,
  ): Promise<boolean> {
    const inserted = await this.#db('policies')
      .insert({
        id: key.id,
        ...subjectColumns(key.subject),
        ...columnsOf(fields),
        ...createdColumns(stamp, revision),
      })
      .onConflict(
        this.#db.raw('(subject_kind, subject_id) WHERE removed_at IS NULL'),
      )
      .ignore()
      .returning('id');
    return inserted.length > 0;
  }

  async update(
    id: string,
    fields: PolicyFields,
    stamp: Stamp,
    revision: bigint,
  ): Promise<void> {
    await this.#live()
      .where({ id })
      .update({
        ...columnsOf(fields),
        ...updatedColumns(this.#db, stamp, revision),
      });
  }

  async remove(id: string, stamp: Stamp, revision: bigint): Promise<void> {
    await this.#live().where({ id }).update(removedColumns(stamp, revision));
  }

  #live(): Knex.QueryBuilder {
    return this.#db('policies').whereNull('removed_at');
  }
}

async function read(builder: Knex.QueryBuilder): Promise<PolicyRecord[]> {
  const rows = await builder
    .select<PolicyRow[]>(COLUMNS)
    .orderByRaw(WIDEST_FIRST);
  return rows.map(({ subjectKind, subjectId, ...rest }) => ({
    ...rest,
    subject: { kind: subjectKind, id: subjectId },
  }));
}

function columnsOf(fields: PolicyFields) {
  return {
    allowed_models: fields.allowedModels,
    denied_models: fields.deniedModels,
    allowed_endpoints: fields.allowedEndpoints,
    denied_endpoints: fields.deniedEndpoints,
    max_context_tokens: fields.maxContextTokens,
    max_output_tokens: fields.maxOutputTokens,
    when_exceeded: fields.whenExceeded,
    body_capture: fields.bodyCapture,
    body_capture_max_bytes: fields.bodyCaptureMaxBytes,
    note: fields.note,
  };
}
