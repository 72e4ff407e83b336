import type { Knex } from 'knex';
import {
  ORGANISATION_ID,
  type Subject,
} from '@ai-gateway/backstage-plugin-ai-gateway-common';
import type {
  SubjectFilter,
  SubjectResource,
} from '../../permissions/resources';
import type { Scope } from '../../permissions/Scope';
import type { ApiKeyRecord } from '../apiKeys/ApiKeyStore';
import { rowsOf } from '../rowsOf';
import { subjectScopeToSql } from './subjectScopeToSql';
import {
  partsOfSubscription,
  subjectName,
  type SubjectStore,
} from './SubjectStore';

const ORGANISATION: Subject = { kind: 'organisation', id: ORGANISATION_ID };

/** Reads subjects from the tables that have them. */
export class DatabaseSubjectStore implements SubjectStore {
  readonly #db: Knex;

  static create(db: Knex): DatabaseSubjectStore {
    return new DatabaseSubjectStore(db);
  }

  private constructor(db: Knex) {
    this.#db = db;
  }

  async problemOf(subject: Subject): Promise<string | undefined> {
    const { kind, id } = subject;
    switch (kind) {
      case 'key': {
        const [key] = await rowsOf<{ revoked: boolean }>(
          this.#db,
          'SELECT revoked_at IS NOT NULL AS revoked FROM api_keys WHERE id = :id',
          { id },
        );
        if (!key) return `There is no API key ${id}`;
        return key.revoked ? `The API key ${id} is revoked` : undefined;
      }
      case 'subscription': {
        const { projectId, modelId } = partsOfSubscription(id);
        if (!(await this.#has('projects', 'id', projectId))) {
          return `There is no project '${projectId}'`;
        }
        return (await this.#has('models', 'id', modelId))
          ? undefined
          : `There is no model '${modelId}'`;
      }
      case 'project':
        return (await this.#has('projects', 'id', id))
          ? undefined
          : `There is no project '${id}'`;
      case 'business-unit':
        return (await this.#has('projects', 'business_unit', id))
          ? undefined
          : `No project belongs to a business unit '${id}'`;
      case 'user':
      case 'app':
      case 'organisation':
        return undefined;
      default: {
        const impossible: never = kind;
        throw new TypeError(`Unknown subject: ${impossible}`);
      }
    }
  }

  async chains(subjects: readonly Subject[]): Promise<Map<string, Subject[]>> {
    const keyIds = subjects.filter(s => s.kind === 'key').map(s => s.id);
    const keys =
      keyIds.length === 0
        ? []
        : await rowsOf<{ id: string; projectId: string }>(
            this.#db,
            'SELECT id, project_id AS "projectId" FROM api_keys WHERE id = ANY(:keyIds)',
            { keyIds },
          );
    const projectOfKey = new Map(keys.map(key => [key.id, key.projectId]));
    const projectOf = ({ kind, id }: Subject): string | undefined => {
      switch (kind) {
        case 'key':
          return projectOfKey.get(id);
        case 'subscription':
          return partsOfSubscription(id).projectId;
        case 'project':
          return id;
        default:
          return undefined;
      }
    };
    const units = await this.#unitsOf([
      ...new Set(subjects.flatMap(subject => projectOf(subject) ?? [])),
    ]);
    return new Map(
      subjects.map(subject => {
        const projectId = projectOf(subject);
        const unit = projectId === undefined ? undefined : units.get(projectId);
        const above: Subject[] = [];
        if (projectId !== undefined && subject.kind !== 'project') {
          above.push({ kind: 'project', id: projectId });
        }
        if (unit !== undefined) above.push({ kind: 'business-unit', id: unit });
        if (subject.kind !== 'organisation') above.push(ORGANISATION);
        return [subjectName(subject), [subject, ...above]];
      }),
    );
  }

  async levelsOf({
    id,
    projectId,
    owner,
    modelScope,
  }: Pick<ApiKeyRecord, 'id' | 'projectId' | 'owner' | 'modelScope'>): Promise<
    Subject[]
  > {
    const models: readonly string[] =
      modelScope ?? (await this.#db('models').pluck<string[]>('id'));
    const [key, ...above] =
      (await this.chains([{ kind: 'key', id }])).get(`key:${id}`) ?? [];
    return [
      key,
      ...(owner.kind === 'project'
        ? []
        : [{ kind: owner.kind, id: owner.ref } satisfies Subject]),
      ...models.map(
        model =>
          ({
            kind: 'subscription',
            id: `${projectId}/${model}`,
          }) satisfies Subject,
      ),
      ...above,
    ];
  }

  async within(
    scope: Scope<SubjectFilter>,
    subjects: readonly Subject[],
  ): Promise<Subject[]> {
    const { sql, bindings } = subjectScopeToSql(scope);
    const { rows } = await this.#db.raw<{ rows: Array<{ name: string }> }>(
      `SELECT subject_kind || ':' || subject_id AS name
       FROM unnest(?::text[], ?::text[]) AS asked (subject_kind, subject_id) WHERE ${sql}`,
      [
        subjects.map(({ kind }) => kind),
        subjects.map(({ id }) => id),
        ...bindings,
      ],
    );
    const names = new Set(rows.map(row => row.name));
    return subjects.filter(subject => names.has(subjectName(subject)));
  }

  async resource(subject: Subject): Promise<SubjectResource | undefined> {
    const { kind, id } = subject;
    const nothing = {
      userRef: null,
      memberOwnerRefs: [],
      belowOwnerRefs: [],
    } satisfies SubjectResource;
    const owners = async (sql: string): Promise<string[]> => {
      const rows = await rowsOf<{ ownerRef: string }>(
        this.#db,
        `SELECT DISTINCT pj.owner_ref AS "ownerRef" FROM projects pj ${sql}`,
        { id },
      );
      return rows.map(row => row.ownerRef);
    };
    switch (kind) {
      case 'user':
        return { ...nothing, userRef: id };
      case 'key': {
        const [key] = await rowsOf<{
          userRef: string | null;
          ownerRef: string;
        }>(
          this.#db,
          `SELECT CASE WHEN k.owner_kind = 'user' THEN k.owner_ref END AS "userRef", pj.owner_ref AS "ownerRef"
           FROM api_keys k JOIN projects pj ON pj.id = k.project_id WHERE k.id = :id`,
          { id },
        );
        return (
          key && {
            ...nothing,
            userRef: key.userRef,
            memberOwnerRefs: [key.ownerRef],
          }
        );
      }
      case 'app':
        return {
          ...nothing,
          memberOwnerRefs: await owners(
            "JOIN api_keys k ON k.project_id = pj.id WHERE k.owner_kind = 'app' AND k.owner_ref = :id",
          ),
        };
      case 'subscription':
      case 'project': {
        const memberOwnerRefs = await owners(
          "WHERE pj.id = split_part(:id, '/', 1)",
        );
        return memberOwnerRefs.length > 0
          ? { ...nothing, memberOwnerRefs }
          : undefined;
      }
      case 'business-unit':
        return {
          ...nothing,
          belowOwnerRefs: await owners('WHERE pj.business_unit = :id'),
        };
      case 'organisation':
        return {
          ...nothing,
          belowOwnerRefs: await owners('WHERE CAST(:id AS text) IS NOT NULL'),
        };
      default: {
        const impossible: never = kind;
        throw new TypeError(`Unknown subject: ${impossible}`);
      }
    }
  }

  async #has(
    table: 'projects' | 'models',
    column: 'id' | 'business_unit',
    value: string,
  ): Promise<boolean> {
    const row = await this.#db(table).where(column, value).first(column);
    return row !== undefined;
  }

  async #unitsOf(projectIds: readonly string[]): Promise<Map<string, string>> {
    if (projectIds.length === 0) return new Map();
    const rows = await rowsOf<{ id: string; unit: string }>(
      this.#db,
      'SELECT id, business_unit AS unit FROM projects WHERE id = ANY(:projectIds)',
      { projectIds },
    );
    return new Map(rows.map(row => [row.id, row.unit]));
  }
}
