import { crc32 } from 'node:zlib';

/**
 * A record in a spool segment:
 *
 * ```
 * magic "AGR1" · 4 bytes │ length of the payload · uint32 LE │ CRC-32 of length and payload · uint32 LE │ payload
 * ```
 *
 * The magic lets a reader find the next record behind one that is damaged, so that damage costs the records that it touches and no
 * others.
 */
const MAGIC = Buffer.from('AGR1');
const MAGIC_NUMBER = MAGIC.readUInt32LE();
const HEADER_BYTES = 12;

/** Larger than any usage event; a length beyond it is damage. */
export const MAX_PAYLOAD_BYTES = 256 * 1024;
/** A slice of this size holds at least one whole record. */
export const MAX_RECORD_BYTES = HEADER_BYTES + MAX_PAYLOAD_BYTES;

/** So many bytes have room for the record of a payload, whatever is in it: in UTF-8 no unit of a text takes more than three. */
export function roomFor(payload: string): number {
  return HEADER_BYTES + 3 * payload.length;
}

/**
 * Writes the record of a payload to a place that has {@link roomFor} it.
 *
 * @returns where the record ends
 * @throws RangeError when the payload is larger than {@link MAX_PAYLOAD_BYTES}
 */
export function writeRecord(
  bytes: Buffer,
  at: number,
  payload: string,
): number {
  const length = bytes.write(payload, at + HEADER_BYTES, 'utf8');
  if (length > MAX_PAYLOAD_BYTES) {
    throw new RangeError(`A record of ${length} bytes is too large`);
  }
  bytes.writeUInt32LE(MAGIC_NUMBER, at);
  bytes.writeUInt32LE(length, at + 4);
  bytes.writeUInt32LE(checksum(bytes, at, length), at + 8);
  return at + HEADER_BYTES + length;
}

/** What was found in a slice of a segment. */
export interface ReadRecords {
  readonly payloads: readonly Buffer[];
  /** Bytes that have been dealt with; the next slice starts there. */
  readonly consumed: number;
  /** Bytes that belong to no whole record. */
  readonly damagedBytes: number;
}

/**
 * Reads the records of a slice that starts where a record starts.
 *
 * @param final - whether nothing follows the slice: a record that it cuts off was never written whole
 */
export function readRecords(slice: Buffer, final: boolean): ReadRecords {
  const payloads: Buffer[] = [];
  let damagedBytes = 0;
  let at = 0;
  while (at < slice.length) {
    const found = recordAt(slice, at);
    if (found.kind === 'record') {
      payloads.push(
        slice.subarray(at + HEADER_BYTES, at + HEADER_BYTES + found.length),
      );
      at += HEADER_BYTES + found.length;
      continue;
    }
    if (found.kind === 'cut-off' && !final) break;
    // Damage: on to the next thing that looks like a record. Of a last, incomplete magic the rest may be still to come.
    const next = slice.indexOf(MAGIC, at + 1);
    const end =
      next >= 0
        ? next
        : slice.length -
          (final ? 0 : Math.min(MAGIC.length - 1, slice.length - at - 1));
    damagedBytes += end - at;
    at = end;
    if (next < 0) break;
  }
  return { payloads, consumed: at, damagedBytes };
}

function recordAt(
  slice: Buffer,
  at: number,
):
  | { kind: 'record'; length: number }
  | { kind: 'cut-off' }
  | { kind: 'damaged' } {
  const available = slice.length - at;
  const magicBytes = Math.min(MAGIC.length, available);
  if (slice.compare(MAGIC, 0, magicBytes, at, at + magicBytes) !== 0) {
    return { kind: 'damaged' };
  }
  if (available < HEADER_BYTES) return { kind: 'cut-off' };
  const length = slice.readUInt32LE(at + 4);
  if (length > MAX_PAYLOAD_BYTES) return { kind: 'damaged' };
  if (available < HEADER_BYTES + length) return { kind: 'cut-off' };
  return slice.readUInt32LE(at + 8) === checksum(slice, at, length)
    ? { kind: 'record', length }
    : { kind: 'damaged' };
}

/** Of the length and the payload: a length that is wrong is found out, too. */
function checksum(bytes: Buffer, at: number, length: number): number {
  const payload = bytes.subarray(at + HEADER_BYTES, at + HEADER_BYTES + length);
  return crc32(payload, checksumOfLength(length));
}

const CRC_OF_BYTE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) {
    crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return crc;
});

/** What `crc32` makes of the four bytes; to call it for so few takes longer than to do its work. */
function checksumOfLength(length: number): number {
  let crc = 0xffffffff;
  for (let shift = 0; shift < 32; shift += 8) {
    crc = CRC_OF_BYTE[(crc ^ (length >>> shift)) & 0xff] ^ (crc >>> 8);
  }
  return ~crc >>> 0;
}
