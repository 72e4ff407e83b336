import fc from 'fast-check';
import { crc32 } from 'node:zlib';
import { MAX_PAYLOAD_BYTES, readRecords, roomFor, writeRecord } from './record';

const payloads = fc.array(
  // Of up to four bytes each.
  fc.string({ unit: 'binary', minLength: 1, maxLength: 50 }),
  { minLength: 1, maxLength: 12 },
);
const textOf = (buffers: readonly Buffer[]) => buffers.map(b => b.toString());
const encodeRecord = (payload: string) => {
  const bytes = Buffer.alloc(roomFor(payload));
  return bytes.subarray(0, writeRecord(bytes, 0, payload));
};

describe('spool records', () => {
  it('come back as they were written', () => {
    fc.assert(
      fc.property(payloads, written => {
        const bytes = Buffer.concat(written.map(encodeRecord));
        const read = readRecords(bytes, true);
        expect(textOf(read.payloads)).toEqual(written);
        expect(read).toMatchObject({ consumed: bytes.length, damagedBytes: 0 });
      }),
    );
  });

  it('come back when they are read in slices that end anywhere', () => {
    fc.assert(
      fc.property(
        payloads,
        fc.integer({ min: 220, max: 500 }),
        (written, size) => {
          const bytes = Buffer.concat(written.map(encodeRecord));
          const seen: Buffer[] = [];
          let at = 0;
          while (at < bytes.length) {
            const slice = bytes.subarray(at, at + size);
            const read = readRecords(slice, at + slice.length === bytes.length);
            expect(read.consumed).toBeGreaterThan(0);
            seen.push(...read.payloads);
            at += read.consumed;
          }
          expect(textOf(seen)).toEqual(written);
        },
      ),
    );
  });

  it('lose only what a torn tail cuts off', () => {
    fc.assert(
      fc.property(payloads, fc.nat(), (written, cut) => {
        const records = written.map(encodeRecord);
        const bytes = Buffer.concat(records);
        const length = cut % bytes.length;
        let whole = 0;
        let end = 0;
        while (end + records[whole].length <= length) {
          end += records[whole].length;
          whole += 1;
        }
        const read = readRecords(bytes.subarray(0, length), true);
        expect(textOf(read.payloads)).toEqual(written.slice(0, whole));
        expect(read.consumed).toBe(length);
        expect(read.damagedBytes).toBe(length - end);
      }),
    );
  });

  it('lose only the record in which a bit flips', () => {
    fc.assert(
      fc.property(
        payloads,
        fc.nat(),
        fc.integer({ min: 0, max: 7 }),
        (written, place, bit) => {
          const records = written.map(encodeRecord);
          const bytes = Buffer.concat(records);
          const at = place % bytes.length;
          bytes[at] ^= 1 << bit;
          let hit = 0;
          let end = records[0].length;
          while (end <= at) {
            hit += 1;
            end += records[hit].length;
          }
          const read = readRecords(bytes, true);
          expect(textOf(read.payloads)).toEqual(
            written.filter((_, index) => index !== hit),
          );
          expect(read.damagedBytes).toBe(records[hit].length);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('are not found in garbage, and garbage is left behind whole', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 500 }), garbage => {
        const read = readRecords(Buffer.from(garbage), true);
        expect(read.payloads).toEqual([]);
        expect(read.consumed).toBe(garbage.length);
      }),
    );
  });

  it('wait for their end while more may follow', () => {
    const record = encodeRecord('whole');
    for (let length = 0; length < record.length; length++) {
      expect(readRecords(record.subarray(0, length), false)).toEqual({
        payloads: [],
        consumed: 0,
        damagedBytes: 0,
      });
    }
  });

  it('have the checksum of their length and what follows it', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 5_000 }), payload => {
        const record = encodeRecord(payload);
        expect(record.toString('latin1', 0, 4)).toBe('AGR1');
        expect(record.readUInt32LE(4)).toBe(record.length - 12);
        expect(record.readUInt32LE(8)).toBe(
          crc32(Buffer.concat([record.subarray(4, 8), record.subarray(12)])),
        );
      }),
    );
  });

  it('cannot be larger than a reader expects', () => {
    expect(() => encodeRecord('x'.repeat(MAX_PAYLOAD_BYTES + 1))).toThrow(
      RangeError,
    );
  });
});
