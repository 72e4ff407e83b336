import type { Knex } from 'knex';
import type { KeyRow } from '../snapshot/ConfigurationRows';
import { KeyStorer, type StoredKey } from './StoredKey';

/** What a key's rows take while they are read is a multiple of what is kept of it. */
const KEYS_PER_PORTION = 5_000;

interface Row extends Omit<KeyRow, 'expiresAt' | 'digests'> {
  expiresAt: Date | null;
  digests: KeyRow['digests'] | null;
}

/**
 * Reads keys that changed after a revision; all that there are for -1, in portions, so that many of them take no more memory while they
 * are read than they do afterwards.
 *
 * @param tx - one that sees one moment all along
 * @param timeoutMs - for each statement
 */
export async function readKeys(
  tx: Knex.Transaction,
  after: number,
  timeoutMs: number,
): Promise<StoredKey[]> {
  const storer = new KeyStorer();
  const keys: StoredKey[] = [];
  let last: string | undefined;
  for (;;) {
    const rows: Row[] = await query(tx, after, last).timeout(timeoutMs);
    for (const row of rows) {
      keys.push(
        storer.store({
          ...row,
          expiresAt: row.expiresAt?.getTime() ?? null,
          digests: row.digests ?? [],
        }),
      );
    }
    if (after >= 0 || rows.length < KEYS_PER_PORTION) return keys;
    last = rows[rows.length - 1].id;
  }
}

function query(tx: Knex.Transaction, after: number, last: string | undefined) {
  const digests = tx('api_key_digests')
    .whereRaw('api_key_digests.api_key_id = api_keys.id')
    .select(
      tx.raw(
        `json_agg(json_build_object('digest', encode(digest, 'hex'), 'lapsesAt', floor(extract(epoch FROM lapses_at) * 1000)))`,
      ),
    );
  const keys = tx('api_keys').select({
    id: 'id',
    projectId: 'project_id',
    ownerKind: 'owner_kind',
    ownerRef: 'owner_ref',
    modelScope: 'model_scope',
    expiresAt: 'expires_at',
    revoked: tx.raw('revoked_at IS NOT NULL'),
    digests,
  });
  // What has changed is little, and found by its revision.
  if (after >= 0) return keys.where('revision', '>', after);
  const portion = keys.orderBy('id').limit(KEYS_PER_PORTION);
  return last === undefined ? portion : portion.where('id', '>', last);
}
