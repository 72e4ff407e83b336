import { TestDatabases } from '@backstage/backend-test-utils';
import createKnex, { type Knex } from 'knex';
import { PreparedStatement } from './PreparedStatement';

jest.setTimeout(60_000);

const SQL = 'SELECT length(?::text)::integer AS length';

/** So that it is known which connection has what. */
const ofOneConnection = (connection: Knex.PgConnectionConfig) =>
  createKnex({ client: 'pg', connection, pool: { min: 1, max: 1 } });

describe('PreparedStatement', () => {
  const databases = TestDatabases.create({ ids: ['POSTGRES_18'] });
  let knex: Knex;
  let connection: Knex.PgConnectionConfig;
  let statement: PreparedStatement;
  beforeEach(async () => {
    const { client } = await databases.init('POSTGRES_18');
    connection = client.config.connection;
    knex = ofOneConnection(connection);
    statement = PreparedStatement.create({ knex, sql: SQL, timeoutMs: 10_000 });
  });
  afterEach(() => knex.destroy());

  const another = async (use: (other: Knex) => Promise<void>) => {
    const other = ofOneConnection(connection);
    try {
      await use(other);
    } finally {
      await other.destroy();
    }
  };
  const lengthOf = (text: string) => statement.run([Buffer.from(text)]);
  const prepared = async (): Promise<
    Array<{ name: string; statement: string }>
  > =>
    (await knex.raw('SELECT name, statement FROM pg_prepared_statements')).rows;

  it('is read by a connection once', async () => {
    expect(await lengthOf('a')).toEqual([{ length: 1 }]);
    expect(await lengthOf('ab')).toEqual([{ length: 2 }]);
    const { rows } = await knex.raw(
      'SELECT generic_plans + custom_plans AS runs FROM pg_prepared_statements',
    );
    expect(rows).toEqual([{ runs: '2' }]);
  });

  it('is never taken for another one, of which only the text differs', async () => {
    const other = PreparedStatement.create({
      knex,
      sql: SQL.replace('length(', '2 * length('),
      timeoutMs: 10_000,
    });
    expect(await lengthOf('a')).toEqual([{ length: 1 }]);
    expect(await other.run([Buffer.from('a')])).toEqual([{ length: 2 }]);
  });

  it('works where the next transaction is another connection of the server, which has it not', async () => {
    await lengthOf('a');
    // The driver does not know.
    await knex.raw('DEALLOCATE ALL');
    expect(await lengthOf('ab')).toEqual([{ length: 2 }]);
    expect(await lengthOf('abc')).toEqual([{ length: 3 }]);
    expect(await prepared()).toEqual([]);
  });

  it('works where a connection of the server has it already, from another client', async () => {
    await lengthOf('a');
    const [{ name }] = await prepared();
    await another(async other => {
      await other.raw(`PREPARE ${name} AS SELECT 7 AS length`);
      const same = PreparedStatement.create({
        knex: other,
        sql: SQL,
        timeoutMs: 10_000,
      });
      expect(await same.run([Buffer.from('ab')])).toEqual([{ length: 2 }]);
      expect(await same.run([Buffer.from('abc')])).toEqual([{ length: 3 }]);
    });
  });

  it('passes on what the server has against it', async () => {
    const half = PreparedStatement.create({
      knex,
      sql: 'SELECT 1 / length(?::text)',
      timeoutMs: 10_000,
    });
    await expect(half.run([Buffer.from('')])).rejects.toMatchObject({
      code: '22012',
    });
  });

  it('gives up on a server that does not answer', async () => {
    const slow = PreparedStatement.create({
      knex,
      sql: 'SELECT pg_sleep(1 + length(?::text))',
      timeoutMs: 50,
    });
    await expect(slow.run([Buffer.from('')])).rejects.toMatchObject({
      name: 'KnexTimeoutError',
    });
  });
});
