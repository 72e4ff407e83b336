import type { KeyRow } from '../snapshot/ConfigurationRows';
import type { KeyRecord } from './KeyRecord';

/** A key with what it is found by: all that is kept of one. */
export interface StoredKey extends KeyRecord {
  /** Each stands for the key; in hexadecimal. */
  readonly digests: readonly string[];
  /** When digests lapse by a rotation, in milliseconds since the epoch; `null`: none does. */
  readonly lapses: ReadonlyMap<string, number> | null;
}

/**
 * Makes what is kept of keys out of rows. A hundred thousand of them are mostly of a few projects and owners: what is the same text in
 * many rows is one text in what comes of them.
 */
export class KeyStorer {
  readonly #texts = new Map<string, string>();

  store(row: KeyRow): StoredKey {
    const lapses = row.digests.flatMap(({ digest, lapsesAt }) =>
      lapsesAt === null ? [] : [[digest, lapsesAt] as const],
    );
    return Object.freeze({
      id: row.id,
      projectId: this.#one(row.projectId),
      ownerKind: row.ownerKind,
      ownerRef: row.ownerRef === null ? null : this.#one(row.ownerRef),
      modelScope:
        row.modelScope && new Set(row.modelScope.map(id => this.#one(id))),
      expiresAt: row.expiresAt,
      revoked: row.revoked,
      digests: row.digests.map(({ digest }) => digest),
      lapses: lapses.length > 0 ? new Map(lapses) : null,
    });
  }

  #one(text: string): string {
    const known = this.#texts.get(text);
    if (known !== undefined) return known;
    this.#texts.set(text, text);
    return text;
  }
}

/** The row that a key was made of, to be kept in a file. */
export function rowOf({ digests, lapses, ...key }: StoredKey): KeyRow {
  return {
    ...key,
    modelScope: key.modelScope && [...key.modelScope],
    digests: digests.map(digest => ({
      digest,
      lapsesAt: lapses?.get(digest) ?? null,
    })),
  };
}
