import type { Knex } from 'knex';
import type {
  ApiKeyOwner,
  Page,
} from '@ai-gateway/backstage-plugin-ai-gateway-common';
import type { ApiKeyFilter, ApiKeyResource } from '../../permissions/resources';
import {
  scopeToSql,
  type Scope,
  type SqlCondition,
} from '../../permissions/Scope';
import { likePattern } from '../likePattern';
import { rowsOf } from '../rowsOf';
import type { Stamp } from '../Stamp';
import type {
  ApiKeyQuery,
  ApiKeyRecord,
  ApiKeyScopes,
  ApiKeyStore,
  NewApiKey,
} from './ApiKeyStore';

const COLUMNS = {
  id: 'k.id',
  label: 'k.label',
  lastFour: 'k.last_four',
  projectId: 'k.project_id',
  ownerKind: 'k.owner_kind',
  ownerRef: 'k.owner_ref',
  modelScope: 'k.model_scope',
  createdAt: 'k.created_at',
  createdBy: 'k.created_by',
  expiresAt: 'k.expires_at',
  revokedAt: 'k.revoked_at',
  revokedBy: 'k.revoked_by',
  lastUsedAt: 'k.last_used_at',
};

interface OwnerRow {
  ownerKind: ApiKeyOwner['kind'];
  ownerRef: string | null;
}
type ApiKeyRow = Omit<ApiKeyRecord, 'owner'> & OwnerRow;

/** Keeps API keys in PostgreSQL: never a key itself, only its digest. */
export class DatabaseApiKeyStore implements ApiKeyStore {
  readonly #db: Knex;

  static create(db: Knex): DatabaseApiKeyStore {
    return new DatabaseApiKeyStore(db);
  }

  private constructor(db: Knex) {
    this.#db = db;
  }

  async list(
    scopes: ApiKeyScopes,
    query: ApiKeyQuery,
  ): Promise<Page<ApiKeyRecord>> {
    const filtered = this.#within(scopes.read);
    if (query.projectId) filtered.where('k.project_id', query.projectId);
    if (query.search) {
      const pattern = likePattern(query.search);
      filtered.whereRaw('(k.label ILIKE ? OR k.last_four ILIKE ?)', [
        pattern,
        pattern,
      ]);
    }
    switch (query.state) {
      case undefined:
        break;
      case 'revoked':
        filtered.whereNotNull('k.revoked_at');
        break;
      case 'expired':
        filtered
          .whereNull('k.revoked_at')
          .where('k.expires_at', '<=', query.at);
        break;
      case 'active':
        filtered
          .whereNull('k.revoked_at')
          .whereRaw('(k.expires_at IS NULL OR k.expires_at > ?)', [query.at]);
        break;
      default: {
        const impossible: never = query.state;
        throw new TypeError(`Unknown state: ${impossible}`);
      }
    }
    const [{ count }] = await filtered
      .clone()
      .count<Array<{ count: string }>>({ count: '*' });
    const rows = await this.#selected(filtered, scopes)
      .orderBy([
        { column: 'k.created_at', order: 'desc' },
        { column: 'k.id', order: 'desc' },
      ])
      .limit(query.limit)
      .offset(query.offset);
    return { items: rows.map(recordOf), totalCount: Number(count) };
  }

  async get(
    id: string,
    scopes: ApiKeyScopes,
  ): Promise<ApiKeyRecord | undefined> {
    const [row] = await this.#selected(
      this.#within(scopes.read).where('k.id', id),
      scopes,
    );
    return row && recordOf(row);
  }

  async findByIdempotencyKey(
    createdBy: string,
    idempotencyKey: string,
  ): Promise<string | undefined> {
    const row = await this.#db('api_keys')
      .where({ created_by: createdBy, idempotency_key: idempotencyKey })
      .first<{ id: string } | undefined>('id');
    return row?.id;
  }

  async resources(
    ids: readonly string[],
  ): Promise<Array<ApiKeyResource | undefined>> {
    const rows = await rowsOf<
      { id: string; projectOwnerRef: string } & OwnerRow
    >(
      this.#db,
      `SELECT k.id, k.owner_kind AS "ownerKind", k.owner_ref AS "ownerRef", pj.owner_ref AS "projectOwnerRef"
       FROM api_keys k JOIN projects pj ON pj.id = k.project_id
       WHERE k.id = ANY(:ids)`,
      { ids },
    );
    const resources = new Map(
      rows.map(row => [
        row.id,
        { owner: ownerOf(row), projectOwnerRef: row.projectOwnerRef },
      ]),
    );
    return ids.map(id => resources.get(id));
  }

  async revision(id: string): Promise<bigint> {
    const row = await this.#db('api_keys')
      .where({ id })
      .first<{ revision: string } | undefined>('revision');
    return BigInt(row?.revision ?? 0);
  }

  async insert(apiKey: NewApiKey): Promise<void> {
    await this.#db('api_keys').insert({
      id: apiKey.id,
      project_id: apiKey.projectId,
      owner_kind: apiKey.owner.kind,
      owner_ref: apiKey.owner.kind === 'project' ? null : apiKey.owner.ref,
      label: apiKey.label,
      last_four: apiKey.lastFour,
      model_scope: apiKey.modelScope && [...apiKey.modelScope],
      idempotency_key: apiKey.idempotencyKey,
      created_at: apiKey.createdAt,
      created_by: apiKey.createdBy,
      expires_at: apiKey.expiresAt,
      revision: apiKey.revision.toString(),
    });
    await this.#db('api_key_digests').insert({
      digest: apiKey.digest.digest,
      api_key_id: apiKey.id,
      pepper_version: apiKey.digest.pepperVersion,
      created_at: apiKey.createdAt,
    });
  }

  async revoke(id: string, { at, by }: Stamp, revision: bigint): Promise<void> {
    await this.#db('api_keys').where({ id }).whereNull('revoked_at').update({
      revoked_at: at,
      revoked_by: by,
      revision: revision.toString(),
    });
  }

  async touchProject(projectId: string, revision: bigint): Promise<void> {
    await this.#db('api_keys')
      .where({ project_id: projectId })
      .whereNull('revoked_at')
      .update({ revision: revision.toString() });
  }

  #within(scope: Scope<ApiKeyFilter>): Knex.QueryBuilder {
    const { sql, bindings } = apiKeyScopeToSql(scope);
    return this.#db({ k: 'api_keys' })
      .join({ pj: 'projects' }, 'pj.id', 'k.project_id')
      .whereRaw(sql, [...bindings]);
  }

  #selected(builder: Knex.QueryBuilder, scopes: ApiKeyScopes) {
    const { sql, bindings } = scopes.revoke
      ? apiKeyScopeToSql(scopes.revoke)
      : { sql: 'FALSE', bindings: [] };
    return builder.select<ApiKeyRow[]>(
      COLUMNS,
      this.#db.raw(`(${sql}) AS revocable`, [...bindings]),
    );
  }
}

function apiKeyScopeToSql(scope: Scope<ApiKeyFilter>): SqlCondition {
  return scopeToSql(scope, filter => {
    switch (filter.kind) {
      case 'user':
        // Never NULL, so that a condition's negation holds too.
        return {
          sql: "(k.owner_kind = 'user' AND k.owner_ref = ?)",
          bindings: [filter.userRef],
        };
      case 'memberProject':
        return {
          sql: 'pj.owner_ref = ANY(?)',
          bindings: [[...filter.ownerRefs]],
        };
      default: {
        const impossible: never = filter;
        throw new TypeError(`Unknown filter: ${impossible}`);
      }
    }
  });
}

function ownerOf({ ownerKind, ownerRef }: OwnerRow): ApiKeyOwner {
  // The schema has a reference wherever the owner is not the project.
  return ownerKind === 'project' || ownerRef === null
    ? { kind: 'project' }
    : { kind: ownerKind, ref: ownerRef };
}

function recordOf({ ownerKind, ownerRef, ...rest }: ApiKeyRow): ApiKeyRecord {
  return { ...rest, owner: ownerOf({ ownerKind, ownerRef }) };
}
