import { NotFoundError } from '@backstage/errors';
import type { ApiKeyRecord } from '../database/apiKeys/ApiKeyStore';
import type {
  GatewayRecord,
  KeyRevisionApplied,
} from '../database/gateways/GatewayStore';
import type { Stores } from '../database/Stores';
import { DAY_MS, isGone } from './gatewayLife';

/** A gateway, and since when it refuses a key. */
export interface RefusingGateway {
  readonly gateway: GatewayRecord;
  readonly applied: KeyRevisionApplied;
}

/** Which gateways refuse a revoked key. */
export interface ApiKeyRevocationRecord {
  readonly apiKeyId: string;
  readonly revokedAt: Date;
  readonly revokedBy: string;
  readonly revision: bigint;
  readonly gateways: readonly RefusingGateway[];
}

/** The proof of a revocation. */
export class ApiKeyRevocationService {
  readonly #stores: Stores;

  static create(options: { stores: Stores }): ApiKeyRevocationService {
    return new ApiKeyRevocationService(options.stores);
  }

  private constructor(stores: Stores) {
    this.#stores = stores;
  }

  /** @throws NotFoundError when the key is not revoked */
  async of({
    id,
    revokedAt,
    revokedBy,
  }: ApiKeyRecord): Promise<ApiKeyRevocationRecord> {
    if (!revokedAt || revokedBy === null) {
      throw new NotFoundError(`The API key ${id} is not revoked`);
    }
    const { apiKeys, gateways } = this.#stores;
    // A revoked key never changes again, so that its revision is that of its revocation.
    const revision = await apiKeys.revision(id);
    const seen = await gateways.listSeenWithin(DAY_MS);
    const applied = await gateways.appliedKeys(
      seen.map(gateway => gateway.id),
      { revision, at: revokedAt },
    );
    return {
      apiKeyId: id,
      revokedAt,
      revokedBy,
      revision,
      gateways: seen.map(gateway => ({
        gateway,
        applied: applied.get(gateway.id) ?? { applied: false },
      })),
    };
  }
}

/** Those of some gateways that serve, as far as anybody knows. */
export function serving(
  gateways: readonly RefusingGateway[],
): RefusingGateway[] {
  return gateways.filter(({ gateway }) => !isGone(gateway));
}
