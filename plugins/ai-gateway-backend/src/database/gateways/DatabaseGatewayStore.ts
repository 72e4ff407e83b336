import type { Knex } from 'knex';
import { rowsOf } from '../rowsOf';
import type {
  GatewayRecord,
  GatewayStore,
  KeyRevisionApplied,
} from './GatewayStore';

/** How long it is kept when revisions were applied. */
const KEPT = "interval '30 days'";

/** Reads the rows of gateways from PostgreSQL. */
export class DatabaseGatewayStore implements GatewayStore {
  readonly #db: Knex;

  static create(db: Knex): DatabaseGatewayStore {
    return new DatabaseGatewayStore(db);
  }

  private constructor(db: Knex) {
    this.#db = db;
  }

  async listSeenWithin(milliseconds: number): Promise<GatewayRecord[]> {
    const rows = await rowsOf<
      Omit<GatewayRecord, 'appliedRevision' | 'keys'> & {
        appliedRevision: string;
        keysRevision: string | null;
        keysAppliedAt: Date | null;
      }
    >(
      this.#db,
      `SELECT id, hostname, version, started_at AS "startedAt", last_seen_at AS "lastSeenAt",
              (extract(epoch FROM now() - last_seen_at) * 1000)::float8 AS "silentForMs",
              state, applied_revision AS "appliedRevision", gateway_replicas.applied_at AS "appliedAt",
              configuration_error AS "configurationError",
              k.revision AS "keysRevision", k.applied_at AS "keysAppliedAt"
       FROM gateway_replicas
       LEFT JOIN LATERAL (
         SELECT revision, gateway_key_revisions.applied_at FROM gateway_key_revisions
         WHERE gateway_id = gateway_replicas.id ORDER BY revision DESC LIMIT 1
       ) k ON TRUE
       WHERE last_seen_at > now() - :milliseconds * interval '1 millisecond'
       ORDER BY last_seen_at DESC, id`,
      { milliseconds },
    );
    return rows.map(({ keysRevision, keysAppliedAt, ...row }) => ({
      ...row,
      appliedRevision: BigInt(row.appliedRevision),
      keys:
        keysRevision !== null && keysAppliedAt !== null
          ? { revision: BigInt(keysRevision), appliedAt: keysAppliedAt }
          : null,
    }));
  }

  async appliedKeys(
    ids: readonly string[],
    change: { readonly revision: bigint; readonly at: Date },
  ): Promise<Map<string, KeyRevisionApplied>> {
    const rows = await rowsOf<{
      id: string;
      at: Date | null;
      startedSince: boolean;
    }>(
      this.#db,
      // The first that it applied of this revision or a later one. One that says no more than what it serves may come from before this
      // was kept; of a change from before what is kept, the row may have been pruned and a later one be the first.
      `SELECT g.id, s.since AS "startedSince",
              CASE WHEN NOT s.since AND :at > now() - ${KEPT} THEN k.applied_at END AS at
       FROM gateway_replicas g
       CROSS JOIN LATERAL (
         SELECT g.started_at > :at AND NOT EXISTS (
           SELECT FROM gateway_key_revisions WHERE gateway_id = g.id AND revision < :revision
         ) AS since
       ) s
       LEFT JOIN LATERAL (
         SELECT applied_at FROM gateway_key_revisions
         WHERE gateway_id = g.id AND revision >= :revision ORDER BY revision LIMIT 1
       ) k ON TRUE
       WHERE g.id = ANY(:ids) AND (k.applied_at IS NOT NULL OR g.applied_revision >= :revision)`,
      { ids, revision: change.revision.toString(), at: change.at },
    );
    return new Map(
      rows.map(({ id, ...since }) => [id, { applied: true, ...since }]),
    );
  }

  async prune(): Promise<void> {
    await this.#db.raw(
      "DELETE FROM gateway_replicas WHERE last_seen_at < now() - interval '7 days'",
    );
    await this.#db.raw(
      `DELETE FROM gateway_key_revisions old
       WHERE applied_at < now() - ${KEPT} AND EXISTS (
         SELECT FROM gateway_key_revisions newer
         WHERE newer.gateway_id = old.gateway_id AND newer.revision > old.revision
       )`,
    );
  }
}
