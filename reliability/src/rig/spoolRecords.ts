import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';

/** As `record.ts` of the gateway has it: magic, length of the payload, CRC-32 of length and payload, payload. */
const MAGIC = Buffer.from('AGR1');
const HEADER_BYTES = 12;

const SEGMENT = /^\d{12}\.segment$/;
const RECORDS_PER_SEGMENT = 500;

/**
 * The records of a spool, oldest first: all that its gateway finds in it when it starts again.
 *
 * A kill may leave a hole: what was on its way to the disk is missing, and intents that were written behind it meanwhile are there.
 */
export async function readSpool(directory: string): Promise<Buffer[]> {
  const names = (await readdir(directory)).filter(name => SEGMENT.test(name));
  const records: Buffer[] = [];
  for (const name of names.sort()) {
    const segment = await readFile(join(directory, name));
    records.push(...recordsOf(segment));
  }
  return records;
}

/** Makes a spool of records, in the order in which they come, as one that nobody has read yet. */
export async function writeSpool(
  directory: string,
  records: readonly Buffer[],
): Promise<void> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  for (let at = 0; at < records.length; at += RECORDS_PER_SEGMENT) {
    const number = at / RECORDS_PER_SEGMENT + 1;
    await writeFile(
      join(directory, `${String(number).padStart(12, '0')}.segment`),
      Buffer.concat(
        records.slice(at, at + RECORDS_PER_SEGMENT).map(encodeRecord),
      ),
    );
  }
}

function recordsOf(segment: Buffer): Buffer[] {
  const records: Buffer[] = [];
  let at = 0;
  while (at + HEADER_BYTES <= segment.length) {
    const end = at + HEADER_BYTES + segment.readUInt32LE(at + 4);
    const payload = segment.subarray(at + HEADER_BYTES, end);
    const whole =
      segment.subarray(at, at + MAGIC.length).equals(MAGIC) &&
      end <= segment.length &&
      segment.readUInt32LE(at + 8) ===
        crc32(payload, crc32(segment.subarray(at + 4, at + 8)));
    if (whole) {
      records.push(payload);
      at = end;
    } else {
      const next = segment.indexOf(MAGIC, at + 1);
      if (next < 0) break;
      at = next;
    }
  }
  return records;
}

function encodeRecord(payload: Buffer): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  MAGIC.copy(header);
  header.writeUInt32LE(payload.length, 4);
  header.writeUInt32LE(crc32(payload, crc32(header.subarray(4, 8))), 8);
  return Buffer.concat([header, payload]);
}
