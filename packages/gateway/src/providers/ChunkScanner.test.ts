import fc from 'fast-check';
import { ChunkScanner } from './ChunkScanner';

const TEXTS = ['content', 'text', 'arguments'];
const MARKS = ['usage', 'error', 'finish_reason'];
const scanner = new ChunkScanner({ texts: TEXTS, marks: MARKS });

const name = fc.constantFrom(
  ...TEXTS,
  ...MARKS,
  'contents',
  'ext',
  'usage\\"',
  '',
);
/** JSON with the names that are looked for at any depth, and in values where they mean nothing. */
const { value } = fc.letrec<{ value: fc.JsonValue }>(tie => ({
  value: fc.oneof(
    { maxDepth: 5 },
    fc.constant(null),
    fc.boolean(),
    fc.integer(),
    name,
    fc.string({ unit: fc.constantFrom('a', 'é', '"', '\\', '🜁', ':', '\n') }),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(name, tie('value'), { maxKeys: 5 }),
  ),
}));

interface Found {
  textBytes: number;
  marks: number;
}

/** What there is to be found, by a walk through what the JSON says. */
function walk(json: unknown, found: Found = { textBytes: 0, marks: 0 }): Found {
  if (typeof json !== 'object' || json === null) return found;
  for (const [key, member] of Object.entries(json)) {
    if (!Array.isArray(json) && TEXTS.includes(key)) {
      if (typeof member === 'string') {
        found.textBytes += Buffer.byteLength(JSON.stringify(member)) - 2;
      }
    }
    if (!Array.isArray(json) && MARKS.includes(key) && member !== null) {
      found.marks |= 1 << MARKS.indexOf(key);
    }
    walk(member, found);
  }
  return found;
}

describe('ChunkScanner', () => {
  it('finds in any JSON what a parse of it finds', () => {
    fc.assert(
      fc.property(
        value,
        fc.constantFrom(undefined, 1, '\t'),
        (json, spaces) => {
          const marks = scanner.scan(
            Buffer.from(JSON.stringify(json, null, spaces)),
          );
          expect({ textBytes: scanner.textBytes, marks }).toEqual(walk(json));
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it('counts no more text in a piece than there is in the whole, and never chokes', () => {
    fc.assert(
      fc.property(value, fc.nat(), (json, at) => {
        const whole = Buffer.from(JSON.stringify(json));
        scanner.scan(whole.subarray(0, at % (whole.length + 1)));
        const { textBytes } = scanner;
        expect(textBytes).toBeLessThanOrEqual(walk(json).textBytes + 1);
      }),
    );
    fc.assert(
      fc.property(fc.uint8Array(), bytes => {
        scanner.scan(Buffer.from(bytes));
      }),
    );
  });

  it('looks at a part of some bytes as if it were all there is', () => {
    const bytes = Buffer.from('{"text":"abc","usage":1}');
    expect(scanner.scan(bytes, 0, 11)).toBe(0);
    expect(scanner.textBytes).toBe(2);
  });
});
