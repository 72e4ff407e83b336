import { OpenNames } from './OpenNames';

/** Nesting beyond this is an attack, not a request. */
export const MAX_JSON_DEPTH = 512;
/** Far more than any schema or argument has: in an object further in whose names are to be unique. */
export const MAX_INNER_MEMBERS = 10_000;

export const QUOTE = 0x22;
export const COMMA = 0x2c;
export const COLON = 0x3a;
export const OPEN_BRACKET = 0x5b;
export const BACKSLASH = 0x5c;
export const CLOSE_BRACKET = 0x5d;
export const OPEN_BRACE = 0x7b;
export const CLOSE_BRACE = 0x7d;

/**
 * Where a value ends is told by a number. A failure is a negative one: `~offset` of the byte at fault, {@link TOO_DEEP}, {@link TOO_MANY},
 * or `DUPLICATE - offset` of a name that stands twice.
 */
export const TOO_DEEP = Number.MIN_SAFE_INTEGER;
export const TOO_MANY = TOO_DEEP + 1;
export const DUPLICATE = -(2 ** 48);

export function skipSpace(bytes: Uint8Array, from: number, to: number): number {
  let at = from;
  while (at < to) {
    const byte = bytes[at];
    if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) break;
    at += 1;
  }
  return at;
}

/** One bit of knowledge per open bracket: whether it is an object. Scans never overlap, so that they can share it, as they do names. */
const openObjects = new Uint8Array(MAX_JSON_DEPTH + 1);
const names = new OpenNames(MAX_JSON_DEPTH + 1, MAX_INNER_MEMBERS);

/**
 * Where the value that starts at `from` ends, or a failure.
 *
 * @param unique - whether no name may stand twice in an object
 */
export function skipValue(
  bytes: Uint8Array,
  from: number,
  to: number,
  unique: boolean,
): number {
  const end = skipNested(bytes, from, to, unique);
  names.clear();
  return end;
}

function skipNested(
  bytes: Uint8Array,
  from: number,
  to: number,
  unique: boolean,
): number {
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
      if (byte === OPEN_BRACE) {
        openObjects[depth] = 1;
        names.open(depth);
      } else {
        openObjects[depth] = 0;
      }
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
      const start = at;
      at = skipName(bytes, start, to);
      if (at < 0) return at;
      if (unique) {
        const verdict = names.add(bytes, start, at, depth);
        if (verdict === 'again') return DUPLICATE - start;
        if (verdict === 'too-many') return TOO_MANY;
      }
      at = skipSpace(bytes, at, to);
      if (at >= to || bytes[at] !== COLON) return ~at;
      at = skipSpace(bytes, at + 1, to);
    }
  }
}

function skipName(bytes: Uint8Array, from: number, to: number): number {
  return from < to && bytes[from] === QUOTE
    ? skipString(bytes, from, to)
    : ~from;
}

export function skipString(
  bytes: Uint8Array,
  from: number,
  to: number,
): number {
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

/** By their first byte. */
const LITERALS: readonly (Uint8Array | undefined)[] = literals();

function literals(): (Uint8Array | undefined)[] {
  const byFirst: (Uint8Array | undefined)[] = Array.from({ length: 256 });
  for (const word of ['true', 'false', 'null']) {
    const bytes = Buffer.from(word);
    byFirst[bytes[0]] = bytes;
  }
  return byFirst;
}

function skipScalar(bytes: Uint8Array, from: number, to: number): number {
  const literal = LITERALS[bytes[from]];
  if (!literal) return skipNumber(bytes, from, to);
  for (let i = 1; i < literal.length; i++) {
    if (from + i >= to || bytes[from + i] !== literal[i]) return ~(from + i);
  }
  return from + literal.length;
}

function skipNumber(bytes: Uint8Array, from: number, to: number): number {
  let at = from;
  if (at < to && bytes[at] === 0x2d) at += 1; // minus
  if (at < to && bytes[at] === 0x30) {
    at += 1;
  } else {
    at = skipDigits(bytes, at, to);
    if (at < 0) return at;
  }
  if (at < to && bytes[at] === 0x2e) {
    at = skipDigits(bytes, at + 1, to);
    if (at < 0) return at;
  }
  if (at < to && (bytes[at] === 0x65 || bytes[at] === 0x45)) {
    at += 1;
    if (at < to && (bytes[at] === 0x2b || bytes[at] === 0x2d)) at += 1;
    at = skipDigits(bytes, at, to);
  }
  return at;
}

/** One digit or more. */
function skipDigits(bytes: Uint8Array, from: number, to: number): number {
  let at = from;
  while (at < to && isDigit(bytes[at])) at += 1;
  return at > from ? at : ~at;
}
