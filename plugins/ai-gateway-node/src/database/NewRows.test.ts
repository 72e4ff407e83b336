import { TestDatabases } from '@backstage/backend-test-utils';
import type { Knex } from 'knex';
import { NewRows } from './NewRows';

jest.setTimeout(60_000);

const INSERT = `INSERT INTO fruit SELECT unnest((SELECT ?::text::text[]))`;

describe('NewRows', () => {
  const databases = TestDatabases.create({ ids: ['POSTGRES_18'] });
  let knex: Knex;
  let fruit: NewRows;
  beforeEach(async () => {
    knex = await databases.init('POSTGRES_18');
    await knex.raw(
      `CREATE TABLE fruit (name text PRIMARY KEY CHECK (name <> 'stone'))`,
    );
    fruit = NewRows.create({
      knex,
      ifNew: `${INSERT} RETURNING name, 'new' AS taken_for`,
      ifAny: `${INSERT} ON CONFLICT DO NOTHING RETURNING name, 'any' AS taken_for`,
      timeoutMs: 10_000,
    });
  });

  const insert = (...names: string[]) =>
    fruit.insert([Buffer.from(`{${names.join()}}`)]);

  it('takes rows for new, and looks which of them are there already only if some are', async () => {
    expect(await insert('apple', 'pear')).toEqual([
      { name: 'apple', taken_for: 'new' },
      { name: 'pear', taken_for: 'new' },
    ]);
    expect(await insert('fig', 'pear', 'plum', 'plum')).toEqual([
      { name: 'fig', taken_for: 'any' },
      { name: 'plum', taken_for: 'any' },
    ]);
    expect(await insert('quince')).toEqual([
      { name: 'quince', taken_for: 'new' },
    ]);
    expect(await knex('fruit').count()).toEqual([{ count: '5' }]);
  });

  it('inserts nothing of a batch of which something is refused', async () => {
    await insert('apple');
    for (const batch of [
      ['pear', 'stone'],
      ['apple', 'pear', 'stone'],
    ]) {
      await expect(insert(...batch)).rejects.toMatchObject({ code: '23514' });
    }
    expect(await knex('fruit').count()).toEqual([{ count: '1' }]);
  });
});
