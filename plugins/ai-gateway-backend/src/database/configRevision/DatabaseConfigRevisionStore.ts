import type { Knex } from 'knex';
import { CONFIG_CHANNEL } from '@ai-gateway/backstage-plugin-ai-gateway-node';
import { rowsOf } from '../rowsOf';
import type { ConfigRevisionStore } from './ConfigRevisionStore';

/** Keeps the revision in the one row of `config_revision`. */
export class DatabaseConfigRevisionStore implements ConfigRevisionStore {
  readonly #db: Knex;

  static create(db: Knex): DatabaseConfigRevisionStore {
    return new DatabaseConfigRevisionStore(db);
  }

  private constructor(db: Knex) {
    this.#db = db;
  }

  async current(): Promise<bigint> {
    const [row] = await rowsOf<{ revision: string }>(
      this.#db,
      'SELECT revision FROM config_revision',
    );
    return BigInt(row.revision);
  }

  async lock(): Promise<void> {
    await this.#db.raw('SELECT revision FROM config_revision FOR UPDATE');
  }

  async increment(at: Date): Promise<bigint> {
    const [row] = await rowsOf<{ revision: string }>(
      this.#db,
      'UPDATE config_revision SET revision = revision + 1, changed_at = :at RETURNING revision',
      { at },
    );
    await this.#db.raw('SELECT pg_notify(:channel, :revision)', {
      channel: CONFIG_CHANNEL,
      revision: row.revision,
    });
    return BigInt(row.revision);
  }
}
