import fc from 'fast-check';
import {
  MAX_JSON_DEPTH,
  MAX_JSON_MEMBERS,
  scanJsonObject,
  textOf,
  valueOf,
} from './jsonScan';

const scan = (text: string) => scanJsonObject(Buffer.from(text));

/** What `JSON.parse` says: the value, or that there is none. */
function parsed(text: string): { value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}

/** JSON with some of its characters changed, left out or doubled. */
const damagedJson = fc
  .tuple(
    fc.json({ maxDepth: 4 }),
    fc.nat(),
    fc.constantFrom(
      '',
      '"',
      '\\',
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '0',
      '-',
      '.',
      'e',
      't',
      'u',
      '\n',
      '\u0001',
      'é',
      '\\u12',
      '\\ud800',
      '1e5',
      'null',
    ),
    fc.boolean(),
  )
  .map(([json, position, put, replace]) => {
    const at = position % (json.length + 1);
    return json.slice(0, at) + put + json.slice(at + (replace ? 1 : 0));
  });

const verdict = (text: string) => {
  const result = scan(text);
  return result.ok ? 'object' : result.problem.kind;
};

/** What a scan may say of a text, by what `JSON.parse` says: a name that stands twice is noticed by the scan alone. */
function possibleVerdicts(text: string): string[] {
  const expected = parsed(text);
  // It may be noticed before what breaks behind it.
  if (!expected) return ['invalid', 'duplicate-member'];
  return isObject(expected.value)
    ? ['object', 'duplicate-member']
    : ['not-an-object'];
}

describe('scanJsonObject', () => {
  it('finds every member of an object where JSON.parse finds it', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue()),
        fc.constantFrom(undefined, 1, '\t'),
        (object, space) => {
          const bytes = Buffer.from(JSON.stringify(object, null, space));
          // A round trip: lone surrogates do not survive UTF-8.
          const expected = JSON.parse(bytes.toString('utf8'));
          const result = scanJsonObject(bytes);
          if (!result.ok) throw new Error(result.problem.kind);
          const found = Array.from(
            result.object.members.values(),
            member => [member.name, valueOf(bytes, member)] as const,
          );
          expect(found).toEqual(Object.entries(expected).sort(byFirst(found)));
        },
      ),
    );
  });

  it('accepts exactly the texts that JSON.parse accepts', () => {
    fc.assert(
      fc.property(fc.oneof(fc.json(), damagedJson, fc.string()), text => {
        expect(possibleVerdicts(text)).toContain(verdict(text));
      }),
      { numRuns: 3_000 },
    );
  });

  it.each([
    ['{"a":1,"a":2}', 'a'],
    ['{"model":"x","mod\\u0065l":"y"}', 'model'],
    ['{"":1,"":1}', ''],
  ])('names a member that stands twice in %s', (text, name) => {
    expect(scan(text)).toEqual({
      ok: false,
      problem: { kind: 'duplicate-member', name },
    });
  });

  it('lets a name stand twice further in, which is not ours to judge', () => {
    expect(scan('{"a":{"b":1,"b":2}}').ok).toBe(true);
  });

  it.each([
    ['', 0],
    ['{', 1],
    ['{"a":1', 6],
    ['{"a":1} x', 8],
    ['{"a":01}', 6],
    ['{"a":"\n"}', 6],
    ['{a:1}', 1],
    ['{"a":[1,]}', 8],
    ['\u00a0{}', 0],
  ])('says where %j breaks', (text, offset) => {
    expect(scan(text)).toEqual({
      ok: false,
      problem: { kind: 'invalid', offset },
    });
  });

  it('refuses what is nested too deep, and takes what is just deep enough', () => {
    const nested = (depth: number) =>
      `{"a":${'['.repeat(depth)}${']'.repeat(depth)}}`;
    expect(scan(nested(MAX_JSON_DEPTH)).ok).toBe(true);
    expect(scan(nested(MAX_JSON_DEPTH + 1))).toEqual({
      ok: false,
      problem: { kind: 'too-deep', limit: MAX_JSON_DEPTH },
    });
  });

  it('refuses more members than any dialect has', () => {
    const members = (count: number) =>
      `{${Array.from({ length: count }, (_, i) => `"m${i}":0`).join(',')}}`;
    expect(scan(members(MAX_JSON_MEMBERS)).ok).toBe(true);
    expect(scan(members(MAX_JSON_MEMBERS + 1))).toMatchObject({
      problem: { kind: 'too-many-members' },
    });
  });

  it('scans a part of a text as if it were all there is', () => {
    const bytes = Buffer.from('{"a":{"b":"c"},"d":1}');
    const outer = scanJsonObject(bytes);
    const a = outer.ok ? outer.object.members.get('a') : undefined;
    const inner = scanJsonObject(bytes, a!.start, a!.end);
    const b = inner.ok ? inner.object.members.get('b') : undefined;
    expect(textOf(bytes, b!.start, b!.end)).toBe('c');
  });
});

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** JavaScript puts names that look like numbers first; a scan has them as they stand. */
function byFirst(order: ReadonlyArray<readonly [string, unknown]>) {
  const positions = new Map(order.map(([name], index) => [name, index]));
  return (a: [string, unknown], b: [string, unknown]) =>
    (positions.get(a[0]) ?? 0) - (positions.get(b[0]) ?? 0);
}
