import type { Knex } from 'knex';
import type { AuditEvent, AuditStore } from './AuditStore';

/** Keeps the audit trail in PostgreSQL, in the transaction of the change that it tells of. */
export class DatabaseAuditStore implements AuditStore {
  readonly #db: Knex;

  static create(db: Knex): DatabaseAuditStore {
    return new DatabaseAuditStore(db);
  }

  private constructor(db: Knex) {
    this.#db = db;
  }

  async append(event: AuditEvent): Promise<void> {
    await this.#db('audit_events').insert({
      id: event.id,
      occurred_at: event.occurredAt,
      actor_kind: event.actor.kind,
      actor_ref: event.actor.ref,
      action: event.action,
      resource_kind: event.resourceKind,
      resource_id: event.resourceId,
      project_id: event.projectId,
      changes: JSON.stringify(event.changes),
    });
  }
}
