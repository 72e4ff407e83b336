import { TestDatabases } from '@backstage/backend-test-utils';
import fc from 'fast-check';
import type { Knex } from 'knex';
import { rowText } from './rowLiteral';
import { textArray } from './textArray';

jest.setTimeout(60_000);

describe('what is given to PostgreSQL in a form of its own', () => {
  const databases = TestDatabases.create({ ids: ['POSTGRES_18'] });
  let knex: Knex;
  beforeAll(async () => {
    knex = await databases.init('POSTGRES_18');
    await knex.raw('CREATE TYPE pair AS (a text, b text)');
  });

  const text = fc.oneof(
    fc.string({ unit: 'grapheme' }).map(any => any.replaceAll('\0', '')),
    fc.string({ unit: fc.constantFrom('"', '\\', ',', '(', ')', '{', '\n') }),
    fc.constantFrom('', 'NULL', 'null', ' ', ' a '),
  );

  it('is an array of texts, whatever they are', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.option(text), { minLength: 1 }),
        async texts => {
          const { rows } = await knex.raw('SELECT ?::text[] AS texts', [
            textArray(texts),
          ]);
          expect(rows[0].texts).toEqual(texts);
        },
      ),
    );
  });

  it('is the texts of rows, whatever they are', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(text, text)), async pairs => {
        const literals = pairs.map(
          ([a, b]) => `"(${rowText(a)},${rowText(b)})"`,
        );
        const { rows } = await knex.raw(
          'SELECT a, b FROM unnest(?::text::pair[])',
          [`{${literals}}`],
        );
        expect(rows).toEqual(pairs.map(([a, b]) => ({ a, b })));
      }),
    );
  });
});
