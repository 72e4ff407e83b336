import type { Actor } from '../http/Caller';
import type { AuditEvent } from './audit/AuditStore';
import type { Stamp } from './Stamp';
import type { Stores } from './Stores';

/** One write, in progress. */
export interface Write {
  /** The stores, in the transaction of this write. */
  readonly stores: Stores;
  /** When it happens and who does it. */
  readonly stamp: Stamp;
  /** Writes the audit event of the change. */
  audit(
    event: Pick<
      AuditEvent,
      'action' | 'resourceKind' | 'resourceId' | 'changes'
    > & { projectId?: string },
  ): Promise<void>;
  /** Tells gateways that what they serve changes, and gives the revision in which it does; the same one however often it is asked. */
  revision(): Promise<bigint>;
  /** Tells the catalog, once the write is committed, that what it shows of some models may have changed. */
  modelsChanged(modelIds: readonly string[]): void;
}

/**
 * Opens the one transaction in which a change, its audit event and the new revision of the configuration are written, or none of them.
 *
 * Writers take their turn: the first thing a write does is to lock the configuration's revision. What a rule reads inside a write thus stays
 * true until it ends, and since every writer takes its locks after that one, no two can wait for each other. Writes are rare and short:
 * whatever is slow (the catalog, a provider) is asked before.
 */
export interface Writes {
  /** @throws ServiceUnavailableError when the turn does not come in time */
  run<T>(actor: Actor, write: (write: Write) => Promise<T>): Promise<T>;
}
