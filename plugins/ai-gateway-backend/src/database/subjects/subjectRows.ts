import type { Knex } from 'knex';
import type {
  Subject,
  SubjectKind,
} from '@ai-gateway/backstage-plugin-ai-gateway-common';
import type { SubjectFilter } from '../../permissions/resources';
import type { Scope } from '../../permissions/Scope';
import type { Stamp } from '../Stamp';
import { subjectScopeToSql } from './subjectScopeToSql';

/** Which rows of a list. */
export interface SubjectQuery {
  readonly subjectKind?: SubjectKind;
  readonly subjectId?: string;
  readonly limit: number;
  readonly offset: number;
}

/** What limits, budgets and policies have in common. */
export interface SubjectRecord {
  readonly id: string;
  readonly version: number;
  readonly createdAt: Date;
  readonly createdBy: string;
  readonly updatedAt: Date;
  readonly updatedBy: string;
}

/** Columns of a {@link SubjectRecord} and of its subject. */
export const SUBJECT_COLUMNS = {
  id: 'id',
  subjectKind: 'subject_kind',
  subjectId: 'subject_id',
  note: 'note',
  version: 'version',
  createdAt: 'created_at',
  createdBy: 'created_by',
  updatedAt: 'updated_at',
  updatedBy: 'updated_by',
} as const;

/** Columns of a subject, as they are written. */
export function subjectColumns({ kind, id }: Pick<Subject, 'kind' | 'id'>) {
  return { subject_kind: kind, subject_id: id };
}

/** Columns that tell who made a row, and in which revision gateways learn of it. */
export function createdColumns({ at, by }: Stamp, revision: bigint) {
  return {
    created_at: at,
    created_by: by,
    updated_at: at,
    updated_by: by,
    revision: revision.toString(),
  };
}

/** Columns that tell who changed a row, and in which revision gateways learn of it. */
export function updatedColumns(db: Knex, { at, by }: Stamp, revision: bigint) {
  return {
    updated_at: at,
    updated_by: by,
    version: db.raw('version + 1'),
    revision: revision.toString(),
  };
}

/** Columns that tell who removed a row; it stays, so that gateways learn of it. */
export function removedColumns({ at, by }: Stamp, revision: bigint) {
  return { removed_at: at, removed_by: by, revision: revision.toString() };
}

/** Keeps rows of subjects within a scope. */
export function whereWithin(
  builder: Knex.QueryBuilder,
  scope: Scope<SubjectFilter>,
): Knex.QueryBuilder {
  const { sql, bindings } = subjectScopeToSql(scope);
  return builder.whereRaw(sql, [...bindings]);
}

/** Keeps rows of the subjects that a query names. */
export function whereQueried(
  builder: Knex.QueryBuilder,
  query: Pick<SubjectQuery, 'subjectKind' | 'subjectId'>,
): Knex.QueryBuilder {
  if (query.subjectKind) builder.where('subject_kind', query.subjectKind);
  if (query.subjectId) builder.where('subject_id', query.subjectId);
  return builder;
}

/** Keeps rows of some subjects. */
export function whereSubjects(
  builder: Knex.QueryBuilder,
  subjects: ReadonlyArray<Pick<Subject, 'kind' | 'id'>>,
): Knex.QueryBuilder {
  return builder.whereRaw(
    '(subject_kind, subject_id) IN (SELECT * FROM unnest(?::text[], ?::text[]))',
    [subjects.map(({ kind }) => kind), subjects.map(({ id }) => id)],
  );
}

/** Keeps rows of what has a subject above it. */
export function whereBelow(
  builder: Knex.QueryBuilder,
  { kind, id }: Pick<Subject, 'kind' | 'id'>,
): Knex.QueryBuilder {
  const ofProjects = (projects: string) =>
    `(subject_kind = 'subscription' AND split_part(subject_id, '/', 1) IN (${projects}))
     OR (subject_kind = 'key' AND subject_id IN (SELECT id FROM api_keys WHERE project_id IN (${projects})))`;
  switch (kind) {
    case 'organisation':
      return builder.whereNot('subject_kind', 'organisation');
    case 'business-unit': {
      const projects = 'SELECT id FROM projects WHERE business_unit = ?';
      return builder.whereRaw(
        `((subject_kind = 'project' AND subject_id IN (${projects})) OR ${ofProjects(projects)})`,
        [id, id, id],
      );
    }
    case 'project':
      return builder.whereRaw(`(${ofProjects('SELECT ?::text')})`, [id, id]);
    case 'key':
    case 'user':
    case 'app':
    case 'subscription':
      return builder.whereRaw('FALSE');
    default: {
      const impossible: never = kind;
      throw new TypeError(`Unknown subject: ${impossible}`);
    }
  }
}

/** The order of a list: the widest subject first, then by name. */
export const WIDEST_FIRST = `array_position(
  ARRAY['organisation', 'business-unit', 'project', 'subscription', 'app', 'user', 'key'], subject_kind), subject_id`;
