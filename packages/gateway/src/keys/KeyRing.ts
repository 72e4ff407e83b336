import {
  parseApiKey,
  type KeyDigester,
  type PresentedKey,
} from '@ai-gateway/backstage-plugin-ai-gateway-node';
import { refuse, type Refusal } from '../errors/registry';
import type { KeyRecord } from './KeyRecord';
import type { KeyTable } from './KeyTable';
import type { StoredKey } from './StoredKey';

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
 *
 * Clients keep their connections, and send the same key with each request. Its digest is made for the first of them; whose it is, and
 * whether it still holds, the table is asked for each.
 */
export class KeyRing {
  readonly #options: KeyRingOptions;
  /** The last well-formed key that came by a connection, for as long as that is there. */
  readonly #presented = new WeakMap<object, PresentedKey>();
  readonly #lookUp: (digest: string) => StoredKey | 'lapsed' | undefined;

  static create(options: KeyRingOptions): KeyRing {
    return new KeyRing(options);
  }

  private constructor(options: KeyRingOptions) {
    this.#options = options;
    this.#lookUp = digest => {
      const key = options.table.find(digest);
      if (!key?.lapses || key.revoked) return key;
      const lapsesAt = key.lapses.get(digest) ?? null;
      return isOver(lapsesAt, options.now()) ? 'lapsed' : key;
    };
  }

  /**
   * At once, unless the key is new to this gateway.
   *
   * @param connection - what it came by
   */
  verify(apiKey: string, connection: object): KeyVerdict | Promise<KeyVerdict> {
    const last = this.#presented.get(connection);
    if (last?.is(apiKey)) return this.#verify(last);
    const { kind } = parseApiKey(apiKey);
    if (kind === 'malformed') return no(refuse('malformed_api_key', {}));
    if (kind === 'checksum-mismatch') {
      return no(refuse('api_key_checksum_mismatch', {}));
    }
    const presented = this.#options.digester.present(apiKey);
    this.#presented.set(connection, presented);
    return this.#verify(presented);
  }

  #verify(presented: PresentedKey): KeyVerdict | Promise<KeyVerdict> {
    return this.#find(presented) ?? this.#catchUpAndFind(presented);
  }

  async #catchUpAndFind(presented: PresentedKey): Promise<KeyVerdict> {
    if (!(await this.#options.catchUp())) {
      return no(refuse('key_lookup_unavailable', {}, 5));
    }
    return this.#find(presented) ?? no(refuse('unknown_api_key', {}));
  }

  #find(presented: PresentedKey): KeyVerdict | undefined {
    const key = presented.find(this.#lookUp);
    if (key === undefined) return undefined;
    if (key === 'lapsed') return no(refuse('expired_api_key', {}));
    if (key.revoked) return no(refuse('revoked_api_key', {}));
    return isOver(key.expiresAt, this.#options.now())
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
