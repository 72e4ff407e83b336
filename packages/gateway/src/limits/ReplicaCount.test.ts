import { TestDatabases } from '@backstage/backend-test-utils';
import knexFactory, { type Knex } from 'knex';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '../__testUtils__/eventually';
import { ReplicaCount } from './ReplicaCount';

jest.setTimeout(60_000);

const databases = TestDatabases.create({ ids: ['POSTGRES_18'] });

describe('ReplicaCount', () => {
  let directory: string;
  let path: string;
  let away: Knex;
  let started: ReplicaCount[];

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'replicas-'));
    path = join(directory, 'last-good', 'replicas');
    // Nobody listens there.
    away = knexFactory({
      client: 'pg',
      connection: { host: '127.0.0.1', port: 1 },
      log: { error: () => {}, warn: () => {}, debug: () => {} },
    });
    started = [];
  });

  afterEach(async () => {
    started.forEach(count => count.stop());
    await away.destroy();
    await rm(directory, { recursive: true });
  });

  const start = async (options: { knex?: Knex; atLeast?: number } = {}) => {
    const count = await ReplicaCount.start({
      knex: away,
      path,
      atLeast: 1,
      onCount: () => {},
      ...options,
    });
    started.push(count);
    return count;
  };

  it('starts from the last count while the database is away', async () => {
    const knex = await databases.init('POSTGRES_18');
    await knex.schema.createTable('gateway_replicas', table => {
      table.timestamp('last_seen_at').notNullable();
    });
    const now = knex.fn.now();
    await knex('gateway_replicas').insert(
      Array.from({ length: 4 }, () => ({ last_seen_at: now })),
    );
    const first = await start({ knex });
    expect(first.count).toBe(1);
    await eventually(async () => (await readFile(path, 'utf8')) === '4\n');
    expect(first.count).toBe(4);
    expect((await start()).count).toBe(4);
  });

  it('counts the processes of its own gateway at least', async () => {
    expect((await start({ atLeast: 3 })).count).toBe(3);
  });

  it('takes a file that makes no sense for none', async () => {
    path = join(directory, 'replicas');
    for (const content of ['', 'many', '0', '2.5']) {
      await writeFile(path, content);
      expect((await start()).count).toBe(1);
    }
  });
});
