import {
  generateApiKey,
  KeyDigester,
} from '@ai-gateway/backstage-plugin-ai-gateway-node';
import { KeyRing } from './KeyRing';
import { KeyTable } from './KeyTable';
import { KeyStorer, type StoredKey } from './StoredKey';

const digester = KeyDigester.create([{ version: 1, secret: 'p'.repeat(64) }]);

function newKey(): { readonly apiKey: string; readonly stored: StoredKey } {
  const { id, apiKey } = generateApiKey();
  const digest = digester.digest(apiKey).digest.toString('hex');
  return {
    apiKey,
    stored: new KeyStorer().store({
      id,
      projectId: 'shop',
      ownerKind: 'user',
      ownerRef: 'user:default/ann',
      modelScope: null,
      expiresAt: null,
      revoked: false,
      digests: [{ digest, lapsesAt: null }],
    }),
  };
}

describe('KeyRing, asked again by the same connection', () => {
  const ann = newKey();
  const bob = newKey();
  let table: KeyTable;
  let now: number;
  let ring: KeyRing;
  const connection = {};
  /** The id of the key, or why it is none. */
  const verdict = async (apiKey: string) => {
    const verified = await ring.verify(apiKey, connection);
    return verified.ok ? verified.key.id : verified.refusal.code;
  };

  beforeEach(async () => {
    table = new KeyTable();
    table.apply([ann.stored, bob.stored]);
    now = 1_000;
    ring = KeyRing.create({
      digester,
      table,
      catchUp: async () => true,
      now: () => now,
    });
    // What follows is not the first that the connection is heard of.
    await verdict(ann.apiKey);
  });

  it('says whose each key is, and takes nothing for a key that is none', async () => {
    expect(await verdict(bob.apiKey)).toBe(bob.stored.id);
    expect(await verdict(ann.apiKey)).toBe(ann.stored.id);
    expect(await verdict(ann.apiKey.slice(0, -1))).toBe('malformed_api_key');
    const other = ann.apiKey.endsWith('0') ? '1' : '0';
    expect(await verdict(ann.apiKey.slice(0, -1) + other)).toBe(
      'api_key_checksum_mismatch',
    );
    expect(await verdict(newKey().apiKey)).toBe('unknown_api_key');
    expect(await verdict(ann.apiKey)).toBe(ann.stored.id);
  });

  it('lets a key go the moment it is revoked, has expired, or is no more', async () => {
    table.apply([{ ...ann.stored, revoked: true }]);
    expect(await verdict(ann.apiKey)).toBe('revoked_api_key');
    table.apply([{ ...ann.stored, expiresAt: 2_000 }]);
    expect(await verdict(ann.apiKey)).toBe(ann.stored.id);
    now = 2_000;
    expect(await verdict(ann.apiKey)).toBe('expired_api_key');
    table.replace([bob.stored]);
    expect(await verdict(ann.apiKey)).toBe('unknown_api_key');
    table.apply([ann.stored]);
    expect(await verdict(ann.apiKey)).toBe(ann.stored.id);
  });

  it('tells a digest that has lapsed from a key that was revoked', async () => {
    const { digests } = ann.stored;
    table.apply([{ ...ann.stored, lapses: new Map([[digests[0], 2_000]]) }]);
    expect(await verdict(ann.apiKey)).toBe(ann.stored.id);
    now = 2_000;
    expect(await verdict(ann.apiKey)).toBe('expired_api_key');
    table.apply([
      {
        ...ann.stored,
        lapses: new Map([[digests[0], 2_000]]),
        revoked: true,
      },
    ]);
    expect(await verdict(ann.apiKey)).toBe('revoked_api_key');
  });
});
