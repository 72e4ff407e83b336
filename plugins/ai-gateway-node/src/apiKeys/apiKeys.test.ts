import fc from 'fast-check';
import { API_KEY_LENGTH, generateApiKey, parseApiKey } from './apiKeyFormat';
import { KeyDigester } from './KeyDigester';

describe('generateApiKey', () => {
  it('makes keys of the documented form, each different', () => {
    const keys = Array.from({ length: 100 }, () => generateApiKey());
    for (const { id, apiKey, lastFour } of keys) {
      expect(apiKey).toMatch(
        /^aigw_[0-9A-Za-z]{12}_[0-9A-Za-z]{43}_[0-9A-Za-z]{6}$/,
      );
      expect(apiKey).toHaveLength(API_KEY_LENGTH);
      expect(apiKey.endsWith(lastFour)).toBe(true);
      expect(parseApiKey(apiKey)).toEqual({ kind: 'well-formed', id });
    }
    expect(new Set(keys.map(key => key.apiKey)).size).toBe(100);
  });
});

describe('parseApiKey', () => {
  it('rejects every key in which one character was mistyped', () => {
    const { apiKey } = generateApiKey();
    fc.assert(
      fc.property(
        fc.nat(API_KEY_LENGTH - 1),
        fc.string({ minLength: 1, maxLength: 1 }),
        (at, character) => {
          fc.pre(apiKey[at] !== character);
          const mistyped =
            apiKey.slice(0, at) + character + apiKey.slice(at + 1);
          expect(parseApiKey(mistyped).kind).not.toBe('well-formed');
        },
      ),
      { numRuns: 500 },
    );
  });

  it('never throws and never accepts what it did not make', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 200 }), text => {
        expect(['malformed', 'checksum-mismatch']).toContain(
          parseApiKey(text).kind,
        );
      }),
    );
  });

  it('tells a cut-off paste from a wrong checksum', () => {
    const { apiKey } = generateApiKey();
    expect(parseApiKey(apiKey.slice(0, -1)).kind).toBe('malformed');
    const last = apiKey.endsWith('0') ? '1' : '0';
    expect(parseApiKey(apiKey.slice(0, -1) + last).kind).toBe(
      'checksum-mismatch',
    );
  });
});

describe('KeyDigester', () => {
  const older = { version: 1, secret: 'a'.repeat(32) };
  const newer = { version: 2, secret: 'b'.repeat(32) };

  it('digests under the newest pepper and finds what an older one made', () => {
    const before = KeyDigester.create([older]).digest('key');
    const digester = KeyDigester.create([newer, older]);

    expect(digester.digest('key').pepperVersion).toBe(2);
    const digest = before.digest.toString('hex');
    const lookUp = (one: string) => (one === digest ? 'found' : undefined);
    expect(digester.present('key').find(lookUp)).toBe('found');
    expect(digester.present('another').find(lookUp)).toBeUndefined();
    expect(digester.digest('key').digest).not.toEqual(before.digest);
    expect(before.digest).toHaveLength(32);
  });

  it('refuses peppers that would protect nothing', () => {
    expect(() => KeyDigester.create([])).toThrow('At least one pepper');
    expect(() => KeyDigester.create([{ version: 1, secret: 'short' }])).toThrow(
      'shorter than 32',
    );
    expect(() => KeyDigester.create([older, older])).toThrow('same version');
  });
});

describe('PresentedKey', () => {
  const peppers = ['b', 'a'].map((letter, index) => ({
    version: 2 - index,
    secret: letter.repeat(32),
  }));

  it('asks for the same digests each time, and again for what was not known', () => {
    const digester = KeyDigester.create(peppers);
    const presented = digester.present('key');
    const asked: string[] = [];
    const known = new Set<string>();
    const lookUp = (digest: string) => {
      asked.push(digest);
      return known.has(digest) ? digest : undefined;
    };

    expect(presented.find(lookUp)).toBeUndefined();
    const both = [...asked];
    known.add(both[1]);
    expect(presented.find(lookUp)).toBe(both[1]);
    known.add(both[0]);
    expect(presented.find(lookUp)).toBe(both[0]);

    expect(both[0]).toBe(digester.digest('key').digest.toString('hex'));
    expect(new Set(both).size).toBe(2);
    expect(asked).toEqual([...both, ...both, both[0]]);
  });

  it('knows itself from every other text', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (one, other) => {
        const presented = KeyDigester.create(peppers).present(one);
        expect(presented.is(one)).toBe(true);
        expect(presented.is(other)).toBe(one === other);
        expect(presented.is(`${one}x`)).toBe(false);
      }),
    );
  });
});
