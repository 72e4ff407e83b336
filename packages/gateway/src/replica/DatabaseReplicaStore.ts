import type { Knex } from 'knex';
import type { KnownKeys, Replica, ReplicaStore } from './ReplicaStore';

const TIMEOUT_MS = 3_000;

/** The replicas in PostgreSQL. */
export class DatabaseReplicaStore implements ReplicaStore {
  readonly #knex: Knex;

  static create(options: { knex: Knex }): DatabaseReplicaStore {
    return new DatabaseReplicaStore(options.knex);
  }

  private constructor(knex: Knex) {
    this.#knex = knex;
  }

  async report(replica: Replica): Promise<void> {
    const row = {
      id: replica.id,
      hostname: replica.hostname,
      version: replica.version,
      started_at: new Date(replica.startedAt),
      // The database's clock, which is the one that everyone compares with.
      last_seen_at: this.#knex.fn.now(),
      state: replica.state,
      applied_revision: replica.appliedRevision,
      applied_at:
        replica.appliedAt === null ? null : new Date(replica.appliedAt),
      configuration_error: replica.configurationError,
    };
    await this.#knex('gateway_replicas')
      .insert(row)
      .onConflict('id')
      .merge()
      .timeout(TIMEOUT_MS);
    const { id, restoredKeys, keys } = replica;
    // In this order: the second forgets of the first what never was.
    if (restoredKeys && (!keys || restoredKeys.revision < keys.revision)) {
      await this.#reportKeys(id, restoredKeys);
    }
    if (keys) await this.#reportKeys(id, keys);
  }

  /** Told anew at each report, of which all but the first change nothing. */
  async #reportKeys(id: string, { revision, ageMs }: KnownKeys): Promise<void> {
    await this.#knex
      .raw(
        // Later revisions are of a database that was put back to an earlier state: they never were.
        `WITH never_were AS (
           DELETE FROM gateway_key_revisions WHERE gateway_id = :id AND revision > :revision
         )
         INSERT INTO gateway_key_revisions (gateway_id, revision, applied_at)
         VALUES (:id, :revision, now() - :ageMs * interval '1 millisecond')
         ON CONFLICT DO NOTHING`,
        { id, revision, ageMs },
      )
      .timeout(TIMEOUT_MS);
  }

  async remove(id: string): Promise<void> {
    await this.#knex('gateway_replicas')
      .where({ id })
      .delete()
      .timeout(TIMEOUT_MS);
  }
}
