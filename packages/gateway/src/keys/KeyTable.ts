import type { KeyRow } from '../snapshot/ConfigurationRows';
import { rowOf, type StoredKey } from './StoredKey';

/**
 * Every API key there is, found by the digest of the whole key: one look into a map, whether there are ten keys or a hundred thousand. Of
 * each there is one object, so that many take little memory, and little of it is touched at a request.
 */
export class KeyTable {
  readonly #byDigest = new Map<string, StoredKey>();
  readonly #byId = new Map<string, StoredKey>();

  /** How many keys there are. */
  get size(): number {
    return this.#byId.size;
  }

  /** Takes over keys that are new or have changed. */
  apply(keys: readonly StoredKey[]): void {
    for (const key of keys) {
      this.#forget(key.id);
      this.#byId.set(key.id, key);
      for (const digest of key.digests) this.#byDigest.set(digest, key);
    }
  }

  /** Takes over all keys there are; whatever else was known is gone. */
  replace(keys: readonly StoredKey[]): void {
    this.#byDigest.clear();
    this.#byId.clear();
    this.apply(keys);
  }

  /** The key of a digest, in hexadecimal, though that may have lapsed. */
  find(digest: string): StoredKey | undefined {
    return this.#byDigest.get(digest);
  }

  /** All keys that there are now, to be kept: their rows are made one by one, whatever changes meanwhile. */
  rows(): Iterable<KeyRow> {
    return rowsOf([...this.#byId.values()]);
  }

  #forget(id: string): void {
    for (const digest of this.#byId.get(id)?.digests ?? []) {
      this.#byDigest.delete(digest);
    }
  }
}

function* rowsOf(keys: readonly StoredKey[]): Generator<KeyRow> {
  for (const key of keys) yield rowOf(key);
}
