import type { Change } from '@ai-gateway/backstage-plugin-ai-gateway-common';
import type { AuditEvent } from '../database/audit/AuditStore';

/** An event of the audit trail as a resource's history writes it. */
export function renderChange(event: AuditEvent): Change {
  return {
    at: event.occurredAt.toISOString(),
    by: event.actor.ref,
    action: event.action,
    before: event.changes.before ?? null,
    after: event.changes.after ?? null,
  };
}
