import {
  ConflictError,
  NotAllowedError,
  NotFoundError,
} from '@backstage/errors';
import type {
  ApiKeyOwner,
  CreateApiKey,
  Page,
} from '@ai-gateway/backstage-plugin-ai-gateway-common';
import type {
  GeneratedApiKey,
  KeyDigester,
} from '@ai-gateway/backstage-plugin-ai-gateway-node';
import type { CatalogDirectory } from '../catalog/CatalogDirectory';
import type {
  ApiKeyQuery,
  ApiKeyRecord,
  ApiKeyScopes,
} from '../database/apiKeys/ApiKeyStore';
import { changesOf } from '../database/changesOf';
import type { Stores } from '../database/Stores';
import type { Writes } from '../database/Writes';
import { HiddenReferenceError, ValidationError } from '../errors';
import type { Actor } from '../http/Caller';
import type { ApiKeyFilter, ProjectFilter } from '../permissions/resources';
import type { Scope } from '../permissions/Scope';

const LONGEST_LIFE_YEARS = 5;

/** Who creates a key, and what they may. */
export interface ApiKeyCreator {
  readonly actor: Actor;
  /** Projects for which the creator may create keys. */
  readonly create: Scope<ProjectFilter>;
  /** Projects that the creator may see; `undefined`: none. */
  readonly read: Scope<ProjectFilter> | undefined;
  /** Keys that the creator may revoke; `undefined`: none. */
  readonly revoke: Scope<ApiKeyFilter> | undefined;
  /** The creator and the groups that the creator belongs to; `null` for those who may create keys for every app. */
  readonly ownershipRefs: readonly string[] | null;
}

/** A key, and its secret when this very call made it. */
export interface CreatedApiKeyRecord {
  readonly apiKey: ApiKeyRecord;
  readonly secret: string | null;
}

interface ApiKeyServiceOptions {
  readonly stores: Stores;
  readonly writes: Writes;
  readonly clock: () => number;
  readonly generateKey: () => GeneratedApiKey;
  readonly digester: KeyDigester;
  readonly directory: CatalogDirectory;
}

/** Credentials for the gateway. A secret passes through here once, on its way out, and is nowhere kept. */
export class ApiKeyService {
  readonly #options: ApiKeyServiceOptions;

  static create(options: ApiKeyServiceOptions): ApiKeyService {
    return new ApiKeyService(options);
  }

  private constructor(options: ApiKeyServiceOptions) {
    this.#options = options;
  }

  /** Newest first. */
  async list(
    scopes: ApiKeyScopes,
    query: Omit<ApiKeyQuery, 'at'>,
  ): Promise<Page<ApiKeyRecord>> {
    return this.#options.stores.apiKeys.list(scopes, {
      ...query,
      at: new Date(this.#options.clock()),
    });
  }

  /** @throws NotFoundError when there is none within the scope */
  async get(id: string, scopes: ApiKeyScopes): Promise<ApiKeyRecord> {
    const apiKey = await this.#options.stores.apiKeys.get(id, scopes);
    if (!apiKey) throw unknownApiKey(id);
    return apiKey;
  }

  /**
   * Makes a key. The same creator asking again with the same idempotency key gets the same key, without its secret.
   *
   * @throws HiddenReferenceError when the creator sees no such project
   * @throws NotAllowedError when the creator sees the project and may not create keys for it
   * @throws ValidationError when owner, models or expiry cannot be had
   * @throws ConflictError when the idempotency key was used for another request
   * @throws ServiceUnavailableError when the catalog does not answer
   */
  async create(
    creator: ApiKeyCreator,
    input: CreateApiKey,
    idempotencyKey: string | undefined,
  ): Promise<CreatedApiKeyRecord> {
    const { stores, writes } = this.#options;
    await this.#refuseForeignProject(creator, input.projectId);
    const wanted = wantedOf(creator.actor, input);
    const earlier = await this.#earlier(
      stores,
      creator,
      wanted,
      idempotencyKey,
    );
    if (earlier) return { apiKey: earlier, secret: null };
    await this.#refuseForeignApp(creator, wanted.owner);

    return writes.run(creator.actor, async write => {
      // Asked again: whoever had the turn before may have been the same request, sent twice.
      const same = await this.#earlier(
        write.stores,
        creator,
        wanted,
        idempotencyKey,
      );
      if (same) return { apiKey: same, secret: null };
      const { at, by } = write.stamp;
      refuseExpiry(wanted.expiresAt, at);
      if (wanted.modelScope) {
        const served = await write.stores.models.served(wanted.modelScope);
        refuseUnknownModels(wanted.modelScope, served);
      }
      const { generateKey, digester } = this.#options;
      const { id, apiKey: secret, lastFour } = generateKey();
      await write.stores.apiKeys.insert({
        id,
        ...wanted,
        lastFour,
        idempotencyKey: idempotencyKey ?? null,
        createdAt: at,
        createdBy: by,
        digest: digester.digest(secret),
        revision: await write.revision(),
      });
      await write.audit({
        action: 'api-key.create',
        resourceKind: 'api-key',
        resourceId: id,
        projectId: wanted.projectId,
        changes: changesOf(undefined, { ...wanted, lastFour }),
      });
      const apiKey = await write.stores.apiKeys.get(id, seenBy(creator));
      if (!apiKey) throw unknownApiKey(id);
      return { apiKey, secret };
    });
  }

  /**
   * Revokes a key; one that is revoked stays as it is.
   *
   * @throws NotFoundError when there is none within the scope
   * @throws NotAllowedError when the caller sees it and may not revoke it
   */
  async revoke(
    actor: Actor,
    id: string,
    scopes: ApiKeyScopes,
  ): Promise<ApiKeyRecord> {
    return this.#options.writes.run(actor, async write => {
      const { stores, stamp } = write;
      const current = await stores.apiKeys.get(id, scopes);
      if (!current) throw unknownApiKey(id);
      if (!current.revocable) {
        throw new NotAllowedError('You may see this key but not revoke it');
      }
      if (current.revokedAt) return current;
      await stores.apiKeys.revoke(id, stamp, await write.revision());
      await write.audit({
        action: 'api-key.revoke',
        resourceKind: 'api-key',
        resourceId: id,
        projectId: current.projectId,
        changes: changesOf(
          { revokedAt: null, revokedBy: null },
          { revokedAt: stamp.at, revokedBy: stamp.by },
        ),
      });
      return { ...current, revokedAt: stamp.at, revokedBy: stamp.by };
    });
  }

  async #refuseForeignProject(
    creator: ApiKeyCreator,
    projectId: string,
  ): Promise<void> {
    const { projects } = this.#options.stores;
    if (await projects.get(projectId, creator.create)) return;
    if (creator.read && (await projects.get(projectId, creator.read))) {
      throw new NotAllowedError(
        `You may see the project '${projectId}' but not create keys for it`,
      );
    }
    throw new HiddenReferenceError(
      'projectId',
      `There is no project '${projectId}'`,
    );
  }

  async #refuseForeignApp(
    creator: ApiKeyCreator,
    owner: ApiKeyOwner,
  ): Promise<void> {
    if (owner.kind !== 'app') return;
    const owners = await this.#options.directory.ownersOf(owner.ref);
    const mine = creator.ownershipRefs;
    if (owners && (!mine || owners.some(ref => mine.includes(ref)))) return;
    throw ValidationError.of(
      'owner.ref',
      mine
        ? `Your teams own no ${owner.ref} in the catalog`
        : `The catalog has no ${owner.ref}`,
    );
  }

  async #earlier(
    stores: Stores,
    creator: ApiKeyCreator,
    wanted: WantedApiKey,
    idempotencyKey: string | undefined,
  ): Promise<ApiKeyRecord | undefined> {
    if (idempotencyKey === undefined) return undefined;
    const id = await stores.apiKeys.findByIdempotencyKey(
      creator.actor.ref,
      idempotencyKey,
    );
    if (id === undefined) return undefined;
    const earlier = await stores.apiKeys.get(id, seenBy(creator));
    if (!earlier || fingerprintOf(earlier) !== fingerprintOf(wanted)) {
      throw new ConflictError(
        'This idempotency key was used for another request. Use a new one for each key that you want to create.',
      );
    }
    return earlier;
  }
}

/** Whoever made a key sees it in the answer, whatever else the creator may see. */
function seenBy(creator: ApiKeyCreator): ApiKeyScopes {
  return { read: { kind: 'everything' }, revoke: creator.revoke };
}

type WantedApiKey = Pick<
  ApiKeyRecord,
  'label' | 'projectId' | 'owner' | 'modelScope' | 'expiresAt'
>;

function wantedOf(actor: Actor, input: CreateApiKey) {
  return {
    label: input.label,
    projectId: input.projectId,
    owner: ownerOf(actor, input.owner),
    modelScope: input.modelScope && [...new Set(input.modelScope)].sort(),
    expiresAt: input.expiresAt === null ? null : new Date(input.expiresAt),
  } satisfies WantedApiKey;
}

function ownerOf(actor: Actor, owner: CreateApiKey['owner']): ApiKeyOwner {
  if (owner.kind !== 'user') return owner;
  if (actor.kind !== 'user') {
    throw ValidationError.of(
      'owner.kind',
      'A service has no keys of its own: make a key of an app or of the project',
    );
  }
  return { kind: 'user', ref: actor.ref };
}

/** What makes two requests the same. */
function fingerprintOf(apiKey: WantedApiKey): string {
  const { owner } = apiKey;
  return JSON.stringify([
    apiKey.label,
    apiKey.projectId,
    owner.kind,
    owner.kind === 'project' ? null : owner.ref,
    apiKey.modelScope,
    apiKey.expiresAt,
  ]);
}

function refuseExpiry(expiresAt: Date | null, now: Date): void {
  if (expiresAt === null) return;
  if (expiresAt <= now) {
    throw ValidationError.of('expiresAt', 'Choose a time that is yet to come');
  }
  const latest = new Date(now);
  latest.setUTCFullYear(latest.getUTCFullYear() + LONGEST_LIFE_YEARS);
  if (expiresAt > latest) {
    throw ValidationError.of(
      'expiresAt',
      `A key can live at most ${LONGEST_LIFE_YEARS} years; leave the time out for one that does not expire`,
    );
  }
}

function refuseUnknownModels(
  wanted: readonly string[],
  served: ReadonlySet<string>,
): void {
  const unknown = wanted.filter(id => !served.has(id));
  if (unknown.length > 0) {
    throw ValidationError.of(
      'modelScope',
      `There is no published model ${unknown.map(id => `'${id}'`).join(', ')}`,
    );
  }
}

function unknownApiKey(id: string): NotFoundError {
  return new NotFoundError(`There is no API key ${id}`);
}
