import type { JsonObject, JsonValue } from '@backstage/types';
import type { AuditEvent } from './audit/AuditStore';

/** Fields of a record, as an audit event can keep them. */
export type AuditedFields = Readonly<
  Record<string, JsonValue | readonly JsonValue[] | Date | bigint | undefined>
>;

/** What a change did: of a new thing all fields, of a thing that ceased all fields, else only those that differ. */
export function changesOf(
  before: AuditedFields | undefined,
  after: AuditedFields | undefined,
): AuditEvent['changes'] {
  const old = before && plain(before);
  const now = after && plain(after);
  if (!old || !now) {
    return { ...(old && { before: old }), ...(now && { after: now }) };
  }
  const changed = Object.keys(now).filter(
    name => JSON.stringify(old[name]) !== JSON.stringify(now[name]),
  );
  const only = (record: JsonObject): JsonObject =>
    Object.fromEntries(changed.map(name => [name, record[name]]));
  return { before: only(old), after: only(now) };
}

/** Whether a change changes anything. */
export function isChanged(changes: AuditEvent['changes']): boolean {
  return Object.keys(changes.after ?? {}).length > 0;
}

function plain(fields: AuditedFields): JsonObject {
  return JSON.parse(
    JSON.stringify(fields, (_, value: unknown) =>
      typeof value === 'bigint' ? value.toString() : value,
    ),
  );
}
