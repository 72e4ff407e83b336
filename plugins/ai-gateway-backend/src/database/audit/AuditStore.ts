import type { Page } from '@ai-gateway/backstage-plugin-ai-gateway-common';
import type { Actor } from '../../http/Caller';
import type { JsonObject } from '@backstage/types';

/** Who did what to which resource. Holds no secret. */
export interface AuditEvent {
  readonly id: string;
  readonly occurredAt: Date;
  readonly actor: Actor;
  /** Such as `model.create`. */
  readonly action: string;
  readonly resourceKind: string;
  readonly resourceId: string;
  /** The project that it concerns, if it concerns one. */
  readonly projectId: string | null;
  /** The fields that changed, as they were and as they are; one of them is missing when it came into being or ceased. */
  readonly changes: {
    readonly before?: JsonObject;
    readonly after?: JsonObject;
  };
}

/** The audit trail: append-only. */
export interface AuditStore {
  append(event: AuditEvent): Promise<void>;
  /** What was done to a resource, newest first. */
  history(
    resource: Pick<AuditEvent, 'resourceKind' | 'resourceId'>,
    page: { limit: number; offset: number },
  ): Promise<Page<AuditEvent>>;
}
