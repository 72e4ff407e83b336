import { TestDatabases } from '@backstage/backend-test-utils';
import type { Knex } from 'knex';
import { applyMigrations, ensurePartitions } from '../database';
import { dropRequestLogsBefore } from './database/dropRequestLogsBefore';
import { DatabaseRequestLogStore } from './DatabaseRequestLogStore';
import { requestLog } from './testing/requestLogFixture';
import { describeRequestLogStore } from './testing/requestLogStoreContract';

jest.setTimeout(60_000);

const NOW = Date.UTC(2031, 4, 20, 12);

describe('DatabaseRequestLogStore', () => {
  const databases = TestDatabases.create({ ids: ['POSTGRES_18'] });
  let knex: Knex;
  let store: DatabaseRequestLogStore;
  beforeAll(async () => {
    knex = await databases.init('POSTGRES_18');
    await applyMigrations(knex);
    // As in a database that was made for a language: its order of text is not that of bytes.
    await knex.raw(
      'ALTER TABLE request_logs ALTER request_id TYPE text COLLATE "en-x-icu"',
    );
    store = DatabaseRequestLogStore.create({ knex, now: () => NOW });
    await store.ensureSchema();
    await ensurePartitions(knex, Date.UTC(2019, 0), 3);
  });

  describeRequestLogStore(async () => store);

  it('makes the partitions of the months to come', async () => {
    expect(await knex.schema.hasTable('request_logs_2031_05')).toBe(true);
    expect(await knex.schema.hasTable('request_logs_2031_08')).toBe(true);
  });

  it('deletes in small pieces what lies in the default partition', async () => {
    const logs = Array.from({ length: 5 }, (_, i) =>
      requestLog({ requestId: `stray-${i}`, occurredAt: Date.UTC(2010, 0) }),
    );
    await store.append(logs);
    expect(await knex('request_logs_default').count()).toEqual([
      { count: '5' },
    ]);

    expect(await dropRequestLogsBefore(knex, Date.UTC(2010, 1), 2)).toEqual({
      months: 0,
      rows: 5,
    });
    expect(await store.get(['claims'], 'stray-0')).toBeUndefined();
  });

  it('gives up on a server that does not answer, and goes on when it does', async () => {
    const impatient = DatabaseRequestLogStore.create({
      knex,
      now: () => NOW,
      timeoutMs: 100,
    });
    const log = requestLog({ requestId: 'hung', projectId: 'hung' });
    await knex.transaction(async tx => {
      await tx.raw('LOCK TABLE request_logs IN ACCESS EXCLUSIVE MODE');
      await expect(impatient.append([log])).rejects.toMatchObject({
        name: 'KnexTimeoutError',
      });
    });
    await store.append([log]);
    expect(
      (
        await store.search({
          projectIds: ['hung'],
          from: 0,
          to: NOW + 1,
          limit: 10,
        })
      ).items,
    ).toHaveLength(1);
  });
});
