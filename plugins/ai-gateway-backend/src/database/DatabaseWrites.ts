import { isError, ServiceUnavailableError } from '@backstage/errors';
import type { Knex } from 'knex';
import type { Actor } from '../http/Caller';
import { createStores } from './Stores';
import type { Write, Writes } from './Writes';

/** SQLSTATE of a lock that did not come within `lock_timeout`. */
const LOCK_NOT_AVAILABLE = '55P03';

interface DatabaseWritesOptions {
  readonly db: Knex;
  readonly clock: () => number;
  readonly newId: () => string;
  readonly onModelsChanged: (modelIds: string[]) => Promise<void>;
}

/** Writes in PostgreSQL. */
export class DatabaseWrites implements Writes {
  readonly #options: DatabaseWritesOptions;

  /** @param options - `onModelsChanged` is called after the commit, and must not throw */
  static create(options: DatabaseWritesOptions): DatabaseWrites {
    return new DatabaseWrites(options);
  }

  private constructor(options: DatabaseWritesOptions) {
    this.#options = options;
  }

  async run<T>(actor: Actor, write: (write: Write) => Promise<T>): Promise<T> {
    const { db, clock, newId, onModelsChanged } = this.#options;
    const changedModels = new Set<string>();
    const result = await db.transaction(async tx => {
      const stores = createStores(tx);
      await tx.raw("SET LOCAL lock_timeout = '10s'");
      try {
        await stores.configRevision.lock();
      } catch (error) {
        throw isLockTimeout(error)
          ? new ServiceUnavailableError(
              'Others are changing the configuration; try again in a moment',
            )
          : error;
      }
      // Taken under the lock, so that times are in the order of the writes.
      const at = new Date(clock());
      let revision: Promise<bigint> | undefined;
      return write({
        stores,
        stamp: { at, by: actor.ref },
        audit: event =>
          stores.audit.append({
            id: newId(),
            occurredAt: at,
            actor,
            projectId: null,
            ...event,
          }),
        revision: () => (revision ??= stores.configRevision.increment(at)),
        modelsChanged: modelIds => {
          for (const id of modelIds) changedModels.add(id);
        },
      });
    });
    if (changedModels.size > 0) await onModelsChanged([...changedModels]);
    return result;
  }
}

function isLockTimeout(error: unknown): boolean {
  return isError(error) && error.code === LOCK_NOT_AVAILABLE;
}
