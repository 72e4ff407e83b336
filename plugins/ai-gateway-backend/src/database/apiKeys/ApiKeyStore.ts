import type {
  ApiKey,
  ApiKeyOwner,
  Page,
} from '@ai-gateway/backstage-plugin-ai-gateway-common';
import type { KeyDigest } from '@ai-gateway/backstage-plugin-ai-gateway-node';
import type { ApiKeyFilter, ApiKeyResource } from '../../permissions/resources';
import type { Scope } from '../../permissions/Scope';
import type { Stamp } from '../Stamp';

/** An API key as it is kept. */
export interface ApiKeyRecord {
  readonly id: string;
  readonly label: string;
  readonly lastFour: string;
  readonly projectId: string;
  readonly owner: ApiKeyOwner;
  readonly modelScope: readonly string[] | null;
  readonly createdAt: Date;
  readonly createdBy: string;
  readonly expiresAt: Date | null;
  readonly revokedAt: Date | null;
  readonly revokedBy: string | null;
  readonly lastUsedAt: Date | null;
  /** Whether the reader has the permission to revoke it. */
  readonly revocable: boolean;
}

/** A key to add. */
export interface NewApiKey extends Omit<
  ApiKeyRecord,
  'revokedAt' | 'revokedBy' | 'lastUsedAt' | 'revocable'
> {
  readonly idempotencyKey: string | null;
  readonly digest: KeyDigest;
  readonly revision: bigint;
}

/** What a reader may see, and what of it the reader may revoke. */
export interface ApiKeyScopes {
  readonly read: Scope<ApiKeyFilter>;
  /** `undefined`: nothing. */
  readonly revoke: Scope<ApiKeyFilter> | undefined;
}

/** Which keys. */
export interface ApiKeyQuery {
  readonly projectId?: string;
  readonly state?: ApiKey['state'];
  /** What label or last four characters contain. */
  readonly search?: string;
  /** The moment at which keys count as expired. */
  readonly at: Date;
  readonly limit: number;
  readonly offset: number;
}

/** API keys. Whoever asks says within which scope. */
export interface ApiKeyStore {
  /** Newest first. */
  list(scopes: ApiKeyScopes, query: ApiKeyQuery): Promise<Page<ApiKeyRecord>>;
  get(id: string, scopes: ApiKeyScopes): Promise<ApiKeyRecord | undefined>;
  /** The id of the key that a creator made under an idempotency key. */
  findByIdempotencyKey(
    createdBy: string,
    idempotencyKey: string,
  ): Promise<string | undefined>;
  /** What permission rules know of some keys; `undefined` where there is no such key. */
  resources(ids: readonly string[]): Promise<Array<ApiKeyResource | undefined>>;
  /** The revision of a key's last change. */
  revision(id: string): Promise<bigint>;
  insert(apiKey: NewApiKey): Promise<void>;
  revoke(id: string, stamp: Stamp, revision: bigint): Promise<void>;
  /** Makes gateways read the keys of a project again. */
  touchProject(projectId: string, revision: bigint): Promise<void>;
}
