import fc from 'fast-check';
import {
  MAX_INNER_MEMBERS,
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

  it('lets a name stand twice further in, unless it is told not to', () => {
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

describe('scanJsonObject, of names that are to be unique further in', () => {
  const uniquely = (text: string) => {
    const bytes = Buffer.from(text);
    return scanJsonObject(bytes, 0, bytes.length, 'unique-names');
  };
  const object = (names: readonly string[]) =>
    `{${names.map(name => `${JSON.stringify(name)}:[{"in":{}}]`).join(',')}}`;
  const many = (count: number) =>
    Array.from({ length: count }, (_, i) => `name${i}`);

  it.each([
    ['{"a":{"b":1,"b":2}}', 'a.b'],
    ['{"a":[0,{},[{"b":1,"c":{"b":[2]},"b":3}]]}', 'a[2][0].b'],
    ['{ "a" : [ { "x" : ",}]" } , { "b" : 1 , "\\u0062" : 2 } ] }', 'a[1].b'],
    ['{"a":{"\\u0062":1,"b":2}}', 'a.b'],
    ['{"a":{"":1,"":2}}', 'a.'],
    [`{"a":${object([...many(16), 'name3'])}}`, 'a.name3'],
    [`{"a":${object([...many(500), 'name3'])}}`, 'a.name3'],
    [`{"a":${object([...many(500), 'last', 'last'])}}`, 'a.last'],
  ])('names a member that stands twice in %s by its path', (text, name) => {
    expect(uniquely(text)).toEqual({
      ok: false,
      problem: { kind: 'duplicate-member', name },
    });
  });

  it.each([
    '{"a":{"b":1},"c":{"b":2}}',
    '{"a":[{"b":1},{"b":2}],"b":{"a":{"a":{"a":1}}}}',
    '{"a":{"b":"b","c":["b","b"],"B":1,"bb":2}}',
    `{"a":${object(many(500))},"b":${object(many(500))}}`,
    `{"a":[${object(many(17))},${object(many(17))},${object(many(3))}]}`,
  ])('takes names that stand once in each object of %s', text => {
    expect(uniquely(text).ok).toBe(true);
  });

  it('refuses more members than any schema has', () => {
    const text = (count: number) => `{"a":[0,${object(many(count))}]}`;
    expect(uniquely(text(MAX_INNER_MEMBERS)).ok).toBe(true);
    expect(uniquely(text(MAX_INNER_MEMBERS + 1))).toEqual({
      ok: false,
      problem: { kind: 'too-many-members', limit: MAX_INNER_MEMBERS },
    });
    expect(scan(text(MAX_INNER_MEMBERS + 1)).ok).toBe(true);
  });

  it('goes by what JSON.parse makes of names', () => {
    const name = fc.oneof(
      fc.constantFrom('a', 'b', 'ab', 'é'),
      fc.string({ maxLength: 2 }),
    );
    /** A name as JSON, now and then in escapes. */
    const written = fc
      .tuple(name, fc.boolean())
      .map(([text, escaped]) =>
        escaped
          ? `"${Array.from({ length: text.length }, (_, i) => `\\u${text.charCodeAt(i).toString(16).padStart(4, '0')}`).join('')}"`
          : JSON.stringify(text),
      );
    fc.assert(
      fc.property(
        fc.array(fc.array(written, { maxLength: 20 }), { maxLength: 4 }),
        objects => {
          const text = `{"in":[${objects
            .map(names => `{${names.map(one => `${one}:{}`).join(',')}}`)
            .join(',')}]}`;
          const isUnique = objects.every(
            names =>
              new Set(names.map(one => JSON.parse(one))).size === names.length,
          );
          expect(uniquely(text).ok).toBe(isUnique);
        },
      ),
      { numRuns: 1_000 },
    );
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
