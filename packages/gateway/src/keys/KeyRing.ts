import {
  parseApiKey,
  type KeyDigester,
} from '@ai-gateway/backstage-plugin-ai-gateway-node';
import { refuse, type Refusal } from '../errors/registry';
import type { KeyRecord, KeyTable } from './KeyTable';

export type KeyVerdict =
  | { readonly ok: true; readonly key: KeyRecord }
  | { readonly ok: false; readonly refusal: Refusal };

export interface KeyRingOptions {
  readonly digester: KeyDigester;
  readonly table: KeyTable;
  /**
   * Makes sure that the table knows every key there is now.
   *
   * @returns whether it does; not while the database is away
   */
  readonly catchUp: () => Promise<boolean>;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/**
 * Says whose an API key is.
 *
 * A key without the right form or checksum costs no I/O at all, one that is known costs none either. One that is not known may just have
 * been made: the table catches up with the database, all such requests together, and is asked again.
 */
export class KeyRing {
  readonly #options: KeyRingOptions;

  static create(options: KeyRingOptions): KeyRing {
    return new KeyRing(options);
  }

  private constructor(options: KeyRingOptions) {
    this.#options = options;
  }

  async verify(apiKey: string): Promise<KeyVerdict> {
    const { digester, catchUp } = this.#options;
    const { kind } = parseApiKey(apiKey);
    if (kind === 'malformed') return no(refuse('malformed_api_key', {}));
    if (kind === 'checksum-mismatch') {
      return no(refuse('api_key_checksum_mismatch', {}));
    }
    const digests = digester
      .candidates(apiKey)
      .map(({ digest }) => digest.toString('hex'));
    const known = this.#find(digests);
    if (known) return known;
    if (!(await catchUp())) return no(refuse('key_lookup_unavailable', {}, 5));
    return this.#find(digests) ?? no(refuse('unknown_api_key', {}));
  }

  #find(digests: readonly string[]): KeyVerdict | undefined {
    const now = this.#options.now();
    for (const digest of digests) {
      const found = this.#options.table.find(digest, now);
      if (!found) continue;
      const { key, lapsed } = found;
      if (key.revoked) return no(refuse('revoked_api_key', {}));
      if (lapsed || (key.expiresAt !== null && key.expiresAt <= now)) {
        return no(refuse('expired_api_key', {}));
      }
      return { ok: true, key };
    }
    return undefined;
  }
}

function no(refusal: Refusal): KeyVerdict {
  return { ok: false, refusal };
}
