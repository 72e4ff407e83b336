import { JsonMembers, type JsonKind, type JsonMember } from './JsonMembers';
import { pathAt } from './jsonPath';
import {
  CLOSE_BRACE,
  COLON,
  COMMA,
  DUPLICATE,
  MAX_INNER_MEMBERS,
  MAX_JSON_DEPTH,
  OPEN_BRACE,
  OPEN_BRACKET,
  QUOTE,
  skipSpace,
  skipString,
  skipValue,
  TOO_DEEP,
  TOO_MANY,
} from './jsonSkip';
import { bufferOf, textOf } from './jsonText';

export type { JsonKind, JsonMember } from './JsonMembers';
export { MAX_INNER_MEMBERS, MAX_JSON_DEPTH } from './jsonSkip';
export { textOf } from './jsonText';

/** An object whose members are known and whose whole text is valid JSON. */
export interface JsonObjectScan {
  readonly members: Pick<JsonMembers, 'get' | 'size' | 'values'>;
  /** Offset just after the opening brace, where a member can be put in. */
  readonly open: number;
}

/** Why a text is not an object that we take. Offsets are in bytes. */
export type JsonScanProblem =
  | { readonly kind: 'invalid'; readonly offset: number }
  | { readonly kind: 'not-an-object' }
  /** Of a member of an object further in, the name is its path: `messages[0].role`. */
  | { readonly kind: 'duplicate-member'; readonly name: string }
  | { readonly kind: 'too-deep'; readonly limit: number }
  | { readonly kind: 'too-many-members'; readonly limit: number };

export type JsonScanResult =
  | { readonly ok: true; readonly object: JsonObjectScan }
  | { readonly ok: false; readonly problem: JsonScanProblem };

const LETTER_F = 0x66;
const LETTER_N = 0x6e;
const LETTER_T = 0x74;

/** Far more than any dialect has. */
export const MAX_JSON_MEMBERS = 1_000;

/**
 * Finds the members of a JSON object without parsing it, and makes sure that the text is valid JSON to its last byte (RFC 8259): it
 * accepts exactly what `JSON.parse` accepts, but for the limits above and for names that stand twice.
 *
 * One pass, one byte at a time, nothing allocated but the members: a body of 20 MB costs its length and no memory, unless it has objects
 * with very many names that are to be unique.
 *
 * @param bytes - UTF-8, already known to be well formed
 * @param inside - whether names may stand twice in the objects within this one
 * @param most - members that are taken
 */
export function scanJsonObject(
  bytes: Uint8Array,
  from: number = 0,
  to: number = bytes.length,
  inside: 'any-names' | 'unique-names' = 'any-names',
  most: number = MAX_JSON_MEMBERS,
): JsonScanResult {
  const unique = inside === 'unique-names';
  const start = skipSpace(bytes, from, to);
  if (start >= to) return invalid(start);
  if (bytes[start] !== OPEN_BRACE) {
    // An invalid text is told as such, whatever it starts with.
    const scan = skipValue(bytes, start, to, false);
    if (scan < 0) return failure(bytes, start, scan);
    const rest = skipSpace(bytes, scan, to);
    return rest < to ? invalid(rest) : problem({ kind: 'not-an-object' });
  }

  const members = new JsonMembers();
  let at = skipSpace(bytes, start + 1, to);
  if (at < to && bytes[at] === CLOSE_BRACE) {
    at += 1;
  } else {
    for (;;) {
      if (at >= to || bytes[at] !== QUOTE) return invalid(at);
      const nameEnd = skipString(bytes, at, to);
      if (nameEnd < 0) return failure(bytes, start, nameEnd);
      const name = textOf(bytes, at, nameEnd);
      at = skipSpace(bytes, nameEnd, to);
      if (at >= to || bytes[at] !== COLON) return invalid(at);
      const valueStart = skipSpace(bytes, at + 1, to);
      const valueEnd = skipValue(bytes, valueStart, to, unique);
      if (valueEnd < 0) return failure(bytes, start, valueEnd);
      if (members.get(name)) return problem({ kind: 'duplicate-member', name });
      if (members.size === most) {
        return problem({ kind: 'too-many-members', limit: most });
      }
      members.add({
        name,
        kind: kindAt(bytes, valueStart),
        start: valueStart,
        end: valueEnd,
      });
      at = skipSpace(bytes, valueEnd, to);
      if (at < to && bytes[at] === COMMA) {
        at = skipSpace(bytes, at + 1, to);
        continue;
      }
      if (at < to && bytes[at] === CLOSE_BRACE) {
        at += 1;
        break;
      }
      return invalid(at);
    }
  }
  const rest = skipSpace(bytes, at, to);
  return rest < to
    ? invalid(rest)
    : { ok: true, object: { members, open: start + 1 } };
}

/** The value of a member that is known to be small. */
export function valueOf(bytes: Uint8Array, member: JsonMember): unknown {
  if (member.kind === 'null') return null;
  if (member.kind === 'boolean') return bytes[member.start] === LETTER_T;
  return JSON.parse(bufferOf(bytes).toString('utf8', member.start, member.end));
}

/** Tells a failure that `jsonSkip` has found. */
function failure(
  bytes: Uint8Array,
  from: number,
  code: number,
): JsonScanResult {
  if (code === TOO_DEEP) {
    return problem({ kind: 'too-deep', limit: MAX_JSON_DEPTH });
  }
  if (code === TOO_MANY) {
    return problem({ kind: 'too-many-members', limit: MAX_INNER_MEMBERS });
  }
  return code <= DUPLICATE
    ? problem({
        kind: 'duplicate-member',
        name: pathAt(bytes, from, DUPLICATE - code),
      })
    : invalid(~code);
}

function invalid(offset: number): JsonScanResult {
  return problem({ kind: 'invalid', offset });
}

function problem(found: JsonScanProblem): JsonScanResult {
  return { ok: false, problem: found };
}

function kindAt(bytes: Uint8Array, at: number): JsonKind {
  switch (bytes[at]) {
    case OPEN_BRACE:
      return 'object';
    case OPEN_BRACKET:
      return 'array';
    case QUOTE:
      return 'string';
    case LETTER_T:
    case LETTER_F:
      return 'boolean';
    case LETTER_N:
      return 'null';
    default:
      return 'number';
  }
}
