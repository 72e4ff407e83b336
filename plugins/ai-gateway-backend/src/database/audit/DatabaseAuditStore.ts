import type { Knex } from 'knex';
import type { Page } from '@ai-gateway/backstage-plugin-ai-gateway-common';
import type { AuditEvent, AuditStore } from './AuditStore';

type AuditRow = Omit<AuditEvent, 'actor'> & {
  actorKind: AuditEvent['actor']['kind'];
  actorRef: string;
};

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

  async history(
    {
      resourceKind,
      resourceId,
    }: Pick<AuditEvent, 'resourceKind' | 'resourceId'>,
    page: { limit: number; offset: number },
  ): Promise<Page<AuditEvent>> {
    const ofResource = this.#db('audit_events').where({
      resource_kind: resourceKind,
      resource_id: resourceId,
    });
    const [{ count }] = await ofResource
      .clone()
      .count<Array<{ count: string }>>({ count: '*' });
    const rows = await ofResource
      .select<AuditRow[]>({
        id: 'id',
        occurredAt: 'occurred_at',
        actorKind: 'actor_kind',
        actorRef: 'actor_ref',
        action: 'action',
        resourceKind: 'resource_kind',
        resourceId: 'resource_id',
        projectId: 'project_id',
        changes: 'changes',
      })
      .orderBy([
        { column: 'occurred_at', order: 'desc' },
        { column: 'id', order: 'desc' },
      ])
      .limit(page.limit)
      .offset(page.offset);
    return {
      items: rows.map(({ actorKind, actorRef, ...rest }) => ({
        ...rest,
        actor: { kind: actorKind, ref: actorRef },
      })),
      totalCount: Number(count),
    };
  }
}
