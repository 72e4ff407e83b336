import type { KeyRow } from '../snapshot/ConfigurationRows';

/** An API key, as the pipeline needs it. */
export interface KeyRecord {
  readonly id: string;
  readonly projectId: string;
  readonly ownerKind: 'user' | 'app' | 'project';
  readonly ownerRef: string | null;
  /** Models it may call; `null` for all. */
  readonly modelScope: ReadonlySet<string> | null;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number | null;
  readonly revoked: boolean;
}

/** A key, as one of its digests stands for it. */
export interface KeyEntry {
  readonly key: KeyRecord;
  /** When the digest lapses by a rotation, in milliseconds since the epoch; `null`: it does not. */
  readonly lapsesAt: number | null;
}

/**
 * Every API key there is, found by the digest of the whole key: one look into a map, whether there are ten keys or a hundred thousand.
 */
export class KeyTable {
  readonly #byDigest = new Map<string, KeyEntry>();
  readonly #rows = new Map<string, KeyRow>();

  /** How many keys there are. */
  get size(): number {
    return this.#rows.size;
  }

  /** Takes over keys that are new or have changed. */
  apply(rows: readonly KeyRow[]): void {
    for (const row of rows) {
      this.#forget(row.id);
      this.#rows.set(row.id, row);
      const key = recordOf(row);
      for (const { digest, lapsesAt } of row.digests) {
        this.#byDigest.set(digest, { key, lapsesAt });
      }
    }
  }

  /** Takes over all keys there are; whatever else was known is gone. */
  replace(rows: readonly KeyRow[]): void {
    this.#byDigest.clear();
    this.#rows.clear();
    this.apply(rows);
  }

  /** The key of a digest, in hexadecimal. */
  find(digest: string): KeyEntry | undefined {
    return this.#byDigest.get(digest);
  }

  /** All keys, to be kept. */
  rows(): IterableIterator<KeyRow> {
    return this.#rows.values();
  }

  #forget(id: string): void {
    for (const { digest } of this.#rows.get(id)?.digests ?? []) {
      this.#byDigest.delete(digest);
    }
  }
}

function recordOf(row: KeyRow): KeyRecord {
  return Object.freeze({
    id: row.id,
    projectId: row.projectId,
    ownerKind: row.ownerKind,
    ownerRef: row.ownerRef,
    modelScope: row.modelScope && new Set(row.modelScope),
    expiresAt: row.expiresAt,
    revoked: row.revoked,
  });
}
