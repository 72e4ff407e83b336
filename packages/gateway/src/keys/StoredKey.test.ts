import type { KeyRow } from '../snapshot/ConfigurationRows';
import { KeyTable } from './KeyTable';
import { KeyStorer } from './StoredKey';

const row = (n: number, more: Partial<KeyRow> = {}): KeyRow => ({
  id: `key-${n}`,
  projectId: 'shop',
  ownerKind: 'user',
  ownerRef: 'user:default/ann',
  modelScope: null,
  expiresAt: null,
  revoked: false,
  digests: [{ digest: `${n}`.padStart(64, '0'), lapsesAt: null }],
  ...more,
});

const ROWS = [
  row(1),
  row(2, { ownerKind: 'project', ownerRef: null, expiresAt: 5, revoked: true }),
  row(3, { modelScope: ['small', 'large'], digests: [] }),
  row(4, {
    digests: [
      { digest: 'a'.repeat(64), lapsesAt: 7 },
      { digest: 'b'.repeat(64), lapsesAt: null },
    ],
  }),
];

function tableOf(rows: readonly KeyRow[]): KeyTable {
  const storer = new KeyStorer();
  const table = new KeyTable();
  table.apply(rows.map(one => storer.store(one)));
  return table;
}

describe('keys, as they are kept', () => {
  it('are the rows that they were made of', () => {
    expect([...tableOf(ROWS).rows()]).toEqual(ROWS);
  });

  it('are found by each of their digests, and say when those lapse', () => {
    const table = tableOf(ROWS);
    const found = table.find('a'.repeat(64));
    expect(found).toBe(table.find('b'.repeat(64)));
    expect(found?.lapses).toEqual(new Map([['a'.repeat(64), 7]]));
    expect(table.find(ROWS[0].digests[0].digest)?.lapses).toBeNull();
  });

  it('are forgotten by digests that they no longer have', () => {
    const table = tableOf(ROWS);
    const digest = 'c'.repeat(64);
    const changed = row(4, { digests: [{ digest, lapsesAt: null }] });
    table.apply([new KeyStorer().store(changed)]);
    expect(table.size).toBe(ROWS.length);
    expect(table.find('a'.repeat(64))).toBeUndefined();
    expect(table.find(digest)?.id).toBe('key-4');
  });

  it('are told as they were when they were asked for, whatever changes meanwhile', () => {
    const table = tableOf(ROWS);
    const rows = table.rows();
    table.replace([]);
    expect([...rows]).toEqual(ROWS);
    expect(table.size).toBe(0);
  });
});
