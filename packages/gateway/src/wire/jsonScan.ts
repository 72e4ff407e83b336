/** What a JSON value is, by its first byte. */
export type JsonKind =
  'object' | 'array' | 'string' | 'number' | 'boolean' | 'null';

/** One member of an object: its name, and where its value stands in the bytes that were scanned. */
export interface JsonMember {
  readonly name: string;
  readonly kind: JsonKind;
  /** Offset of the value's first byte. */
  readonly start: number;
  /** Offset just after the value's last byte. */
  readonly end: number;
}

/** An object whose members are known and whose whole text is valid JSON. */
export interface JsonObjectScan {
  readonly members: ReadonlyMap<string, JsonMember>;
  /** Offset just after the opening brace, where a member can be put in. */
  readonly open: number;
}

/** Why a text is not an object that we take. Offsets are in bytes. */
export type JsonScanProblem =
  | { readonly kind: 'invalid'; readonly offset: number }
  | { readonly kind: 'not-an-object' }
  | { readonly kind: 'duplicate-member'; readonly name: string }
  | { readonly kind: 'too-deep'; readonly limit: number }
  | { readonly kind: 'too-many-members'; readonly limit: number };

export type JsonScanResult =
  | { readonly ok: true; readonly object: JsonObjectScan }
  | { readonly ok: false; readonly problem: JsonScanProblem };

/** Nesting beyond this is an attack, not a request. */
export const MAX_JSON_DEPTH = 512;
/** Far more than any dialect has. */
export const MAX_JSON_MEMBERS = 1_000;

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_BRACKET = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

/**
 * Finds the members of a JSON object without parsing it, and makes sure that the text is valid JSON to its last byte (RFC 8259): it
 * accepts exactly what `JSON.parse` accepts, but for the limits above and for names that stand twice.
 *
 * One pass, one byte at a time, nothing allocated but the members: a body of 20 MB costs its length and no memory.
 *
 * @param bytes - UTF-8, already known to be well formed
 */
export function scanJsonObject(
  bytes: Uint8Array,
  from: number = 0,
  to: number = bytes.length,
): JsonScanResult {
  const start = skipSpace(bytes, from, to);
  if (start >= to) return invalid(start);
  if (bytes[start] !== OPEN_BRACE) {
    // An invalid text is told as such, whatever it starts with.
    const scan = skipValue(bytes, start, to);
    if (scan < 0) return failure(scan);
    const rest = skipSpace(bytes, scan, to);
    return rest < to ? invalid(rest) : problem({ kind: 'not-an-object' });
  }

  const members = new Map<string, JsonMember>();
  let at = skipSpace(bytes, start + 1, to);
  if (at < to && bytes[at] === CLOSE_BRACE) {
    at += 1;
  } else {
    for (;;) {
      if (at >= to || bytes[at] !== QUOTE) return invalid(at);
      const nameEnd = skipString(bytes, at, to);
      if (nameEnd < 0) return failure(nameEnd);
      const name = textOf(bytes, at, nameEnd);
      at = skipSpace(bytes, nameEnd, to);
      if (at >= to || bytes[at] !== COLON) return invalid(at);
      const valueStart = skipSpace(bytes, at + 1, to);
      const valueEnd = skipValue(bytes, valueStart, to);
      if (valueEnd < 0) return failure(valueEnd);
      if (members.has(name)) return problem({ kind: 'duplicate-member', name });
      if (members.size === MAX_JSON_MEMBERS) {
        return problem({ kind: 'too-many-members', limit: MAX_JSON_MEMBERS });
      }
      members.set(name, {
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

/** The text of a JSON string, from its opening quote to after its closing one. */
export function textOf(bytes: Uint8Array, start: number, end: number): string {
  const raw = bufferOf(bytes).toString('utf8', start + 1, end - 1);
  // Names and short values rarely hold an escape; those that do are read by the engine.
  return raw.includes('\\') ? String(JSON.parse(`"${raw}"`)) : raw;
}

/** The value of a member that is known to be small. */
export function valueOf(bytes: Uint8Array, member: JsonMember): unknown {
  return JSON.parse(bufferOf(bytes).toString('utf8', member.start, member.end));
}

function bufferOf(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes)
    ? bytes
    : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Internally a failure is a negative number: `~offset` of the byte at fault, or one of these. */
const TOO_DEEP = Number.MIN_SAFE_INTEGER;

function failure(code: number): JsonScanResult {
  return code === TOO_DEEP
    ? problem({ kind: 'too-deep', limit: MAX_JSON_DEPTH })
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
    case 0x74: // t
    case 0x66: // f
      return 'boolean';
    case 0x6e: // n
      return 'null';
    default:
      return 'number';
  }
}

function skipSpace(bytes: Uint8Array, from: number, to: number): number {
  let at = from;
  while (at < to) {
    const byte = bytes[at];
    if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) break;
    at += 1;
  }
  return at;
}

/** One bit of knowledge per open bracket: whether it is an object. Scans never overlap, so that they can share it. */
const openObjects = new Uint8Array(MAX_JSON_DEPTH + 1);

/** Where the value that starts at `from` ends, or a failure. */
function skipValue(bytes: Uint8Array, from: number, to: number): number {
  let at = from;
  let depth = 0;
  for (;;) {
    // A value is due.
    if (at >= to) return ~at;
    const byte = bytes[at];
    let closed = true;
    if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
      if (depth === MAX_JSON_DEPTH) return TOO_DEEP;
      depth += 1;
      openObjects[depth] = byte === OPEN_BRACE ? 1 : 0;
      at = skipSpace(bytes, at + 1, to);
      const close = byte === OPEN_BRACE ? CLOSE_BRACE : CLOSE_BRACKET;
      if (at < to && bytes[at] === close) {
        depth -= 1;
        at += 1;
      } else {
        closed = false;
      }
    } else if (byte === QUOTE) {
      at = skipString(bytes, at, to);
      if (at < 0) return at;
    } else {
      at = skipScalar(bytes, at, to);
      if (at < 0) return at;
    }

    // A value has ended: leave what ends with it, up to where the next value is due.
    while (closed && depth > 0) {
      at = skipSpace(bytes, at, to);
      if (at >= to) return ~at;
      if (bytes[at] === COMMA) {
        at = skipSpace(bytes, at + 1, to);
        closed = false;
      } else if (
        bytes[at] === (openObjects[depth] ? CLOSE_BRACE : CLOSE_BRACKET)
      ) {
        depth -= 1;
        at += 1;
      } else {
        return ~at;
      }
    }
    if (depth === 0) return at;
    if (openObjects[depth]) {
      at = skipName(bytes, at, to);
      if (at < 0) return at;
    }
  }
}

/** Where the value of the member that starts at `from` starts, or a failure. */
function skipName(bytes: Uint8Array, from: number, to: number): number {
  if (from >= to || bytes[from] !== QUOTE) return ~from;
  let at = skipString(bytes, from, to);
  if (at < 0) return at;
  at = skipSpace(bytes, at, to);
  if (at >= to || bytes[at] !== COLON) return ~at;
  return skipSpace(bytes, at + 1, to);
}

function skipString(bytes: Uint8Array, from: number, to: number): number {
  let at = from + 1;
  for (;;) {
    let byte = 0;
    while (at < to) {
      byte = bytes[at];
      if (byte === QUOTE || byte === BACKSLASH || byte < 0x20) break;
      at += 1;
    }
    if (at >= to || byte < 0x20) return ~at;
    if (byte === QUOTE) return at + 1;
    const escaped = bytes[at + 1];
    if (at + 1 >= to) return ~at;
    if (escaped === 0x75) {
      for (let i = at + 2; i < at + 6; i++) {
        if (i >= to || !isHex(bytes[i])) return ~i;
      }
      at += 6;
    } else if (isEscape(escaped)) {
      at += 2;
    } else {
      return ~(at + 1);
    }
  }
}

function isEscape(byte: number): boolean {
  return (
    byte === QUOTE ||
    byte === BACKSLASH ||
    byte === 0x2f || // slash
    byte === 0x62 || // b
    byte === 0x66 || // f
    byte === 0x6e || // n
    byte === 0x72 || // r
    byte === 0x74 // t
  );
}

function isHex(byte: number): boolean {
  return (
    isDigit(byte) ||
    (byte >= 0x41 && byte <= 0x46) ||
    (byte >= 0x61 && byte <= 0x66)
  );
}

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39;
}

const LITERALS = ['true', 'false', 'null'].map(word => Buffer.from(word));

function skipScalar(bytes: Uint8Array, from: number, to: number): number {
  for (const literal of LITERALS) {
    if (bytes[from] === literal[0]) {
      for (let i = 1; i < literal.length; i++) {
        if (from + i >= to || bytes[from + i] !== literal[i]) {
          return ~(from + i);
        }
      }
      return from + literal.length;
    }
  }
  return skipNumber(bytes, from, to);
}

function skipNumber(bytes: Uint8Array, from: number, to: number): number {
  let at = from;
  const digits = (): boolean => {
    const first = at;
    while (at < to && isDigit(bytes[at])) at += 1;
    return at > first;
  };
  if (at < to && bytes[at] === 0x2d) at += 1; // minus
  if (at < to && bytes[at] === 0x30) at += 1;
  else if (!digits()) return ~at;
  if (at < to && bytes[at] === 0x2e) {
    at += 1;
    if (!digits()) return ~at;
  }
  if (at < to && (bytes[at] === 0x65 || bytes[at] === 0x45)) {
    at += 1;
    if (at < to && (bytes[at] === 0x2b || bytes[at] === 0x2d)) at += 1;
    if (!digits()) return ~at;
  }
  return at;
}
