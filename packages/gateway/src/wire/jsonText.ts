/** As many texts of up to so many bytes are kept: names of members and of models, which are the same in request after request. */
const MOST_KEPT = 256;
const MOST_BYTES = 64;

interface Kept {
  readonly bytes: Uint8Array;
  readonly text: string;
}

/** By a number made of the bytes; whoever comes later takes the place. */
const kept: (Kept | undefined)[] = Array.from({ length: MOST_KEPT });

/** The text of a JSON string, from its opening quote to after its closing one. */
export function textOf(bytes: Uint8Array, start: number, end: number): string {
  const from = start + 1;
  const to = end - 1;
  if (to - from > MOST_BYTES || to <= from) return decode(bytes, from, to);
  const place = placeOf(bytes, from, to);
  const known = kept[place];
  if (known && isAt(bytes, from, to, known.bytes)) return known.text;
  const text = decode(bytes, from, to);
  kept[place] = { bytes: Uint8Array.from(bytes.subarray(from, to)), text };
  return text;
}

function placeOf(bytes: Uint8Array, from: number, to: number): number {
  const middle = (from + to) >> 1;
  const mixed =
    bytes[from] * 31 + bytes[middle] * 7 + bytes[to - 1] * 3 + to - from;
  return mixed % MOST_KEPT;
}

function isAt(
  bytes: Uint8Array,
  from: number,
  to: number,
  known: Uint8Array,
): boolean {
  if (known.length !== to - from) return false;
  for (let i = 0; i < known.length; i++) {
    if (known[i] !== bytes[from + i]) return false;
  }
  return true;
}

function decode(bytes: Uint8Array, from: number, to: number): string {
  const raw = bufferOf(bytes).toString('utf8', from, to);
  // Names and short values rarely hold an escape; those that do are read by the engine.
  return raw.includes('\\') ? String(JSON.parse(`"${raw}"`)) : raw;
}

export function bufferOf(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes)
    ? bytes
    : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
