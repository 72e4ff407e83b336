import type { JsonObjectScan } from '../wire/jsonScan';
import { splice, type Edit } from '../wire/splice';

/**
 * A body in which each of these members that is there has this value; if none is there, the first one is put in. All else stays as it
 * came.
 */
export function setMembers(
  bytes: Buffer,
  object: JsonObjectScan,
  names: readonly [string, ...string[]],
  value: number,
): Buffer {
  const edits: Edit[] = [];
  for (const name of names) {
    const member = object.members.get(name);
    if (member && member.kind !== 'null') {
      edits.push({ start: member.start, end: member.end, with: `${value}` });
    }
  }
  if (edits.length > 0) return splice(bytes, edits);
  const [name] = names;
  const absent = object.members.get(name);
  return splice(bytes, [
    absent
      ? { start: absent.start, end: absent.end, with: `${value}` }
      : {
          start: object.open,
          end: object.open,
          with: `${JSON.stringify(name)}:${value}${object.members.size > 0 ? ',' : ''}`,
        },
  ]);
}
