import {
  parseApiKey,
  type KeyDigester,
} from '@ai-gateway/backstage-plugin-ai-gateway-node';
import { refuse, type Refusal } from '../errors/registry';
import type { KeyEntry, KeyRecord, KeyTable } from './KeyTable';

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
  readonly #lookUp: (digest: string) => KeyEntry | undefined;

  static create(options: KeyRingOptions): KeyRing {
    return new KeyRing(options);
  }

  private constructor(options: KeyRingOptions) {
    this.#options = options;
    this.#lookUp = digest => options.table.find(digest);
  }

  /** At once, unless the key is new to this gateway. */
  verify(apiKey: string): KeyVerdict | Promise<KeyVerdict> {
    const { kind } = parseApiKey(apiKey);
    if (kind === 'malformed') return no(refuse('malformed_api_key', {}));
    if (kind === 'checksum-mismatch') {
      return no(refuse('api_key_checksum_mismatch', {}));
    }
    return this.#find(apiKey) ?? this.#catchUpAndFind(apiKey);
  }

  async #catchUpAndFind(apiKey: string): Promise<KeyVerdict> {
    if (!(await this.#options.catchUp())) {
      return no(refuse('key_lookup_unavailable', {}, 5));
    }
    return this.#find(apiKey) ?? no(refuse('unknown_api_key', {}));
  }

  #find(apiKey: string): KeyVerdict | undefined {
    const found = this.#options.digester.find(apiKey, this.#lookUp);
    if (!found) return undefined;
    const { key, lapsesAt } = found;
    if (key.revoked) return no(refuse('revoked_api_key', {}));
    const now = this.#options.now();
    return isOver(lapsesAt, now) || isOver(key.expiresAt, now)
      ? no(refuse('expired_api_key', {}))
      : { ok: true, key };
  }
}

function isOver(end: number | null, now: number): boolean {
  return end !== null && end <= now;
}

function no(refusal: Refusal): KeyVerdict {
  return { ok: false, refusal };
}
