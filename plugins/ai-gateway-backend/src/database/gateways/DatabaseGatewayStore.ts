import type { Knex } from 'knex';
import { rowsOf } from '../rowsOf';
import type { GatewayRecord, GatewayStore } from './GatewayStore';

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
      Omit<GatewayRecord, 'appliedRevision'> & { appliedRevision: string }
    >(
      this.#db,
      `SELECT id, hostname, version, started_at AS "startedAt", last_seen_at AS "lastSeenAt",
              (extract(epoch FROM now() - last_seen_at) * 1000)::float8 AS "silentForMs",
              state, applied_revision AS "appliedRevision", applied_at AS "appliedAt",
              configuration_error AS "configurationError"
       FROM gateway_replicas
       WHERE last_seen_at > now() - :milliseconds * interval '1 millisecond'
       ORDER BY last_seen_at DESC, id`,
      { milliseconds },
    );
    return rows.map(row => ({
      ...row,
      appliedRevision: BigInt(row.appliedRevision),
    }));
  }
}
