import { TestDatabases } from '@backstage/backend-test-utils';
import { randomUUID } from 'node:crypto';
import { TestControlPlane } from '../__testUtils__/TestControlPlane';
import { DatabaseReplicaStore } from './DatabaseReplicaStore';
import type { Replica } from './ReplicaStore';

jest.setTimeout(60_000);

const databases = TestDatabases.create({ ids: ['POSTGRES_18'] });

describe('DatabaseReplicaStore', () => {
  let plane: TestControlPlane;
  let store: DatabaseReplicaStore;
  let replica: Replica;

  beforeEach(async () => {
    plane = await TestControlPlane.create(await databases.init('POSTGRES_18'));
    store = DatabaseReplicaStore.create({ knex: plane.knex });
    replica = {
      id: randomUUID(),
      hostname: 'one',
      version: '1.0.0',
      startedAt: Date.now(),
      state: 'ready',
      appliedRevision: 0,
      appliedAt: null,
      keys: null,
      restoredKeys: null,
      configurationError: null,
    };
  });

  const known = () =>
    plane
      .knex('gateway_key_revisions')
      .where({ gateway_id: replica.id })
      .orderBy('revision')
      .pluck('revision');

  it('tells of keys that a gateway started with from the disk, and since when it knows better', async () => {
    const report = {
      ...replica,
      restoredKeys: { revision: 5, ageMs: 60_000 },
      keys: { revision: 8, ageMs: 1_000 },
    };
    await store.report(report);
    await store.report(report);
    expect(await known()).toEqual(['5', '8']);
    const { rows } = await plane.knex.raw(
      `SELECT extract(epoch FROM max(applied_at) - min(applied_at))::float8 AS apart
       FROM gateway_key_revisions`,
    );
    expect(rows[0].apart).toBeCloseTo(59, 0);
  });

  it('forgets what the disk had of a future that never was', async () => {
    await store.report({
      ...replica,
      restoredKeys: { revision: 9, ageMs: 60_000 },
    });
    await store.report({
      ...replica,
      restoredKeys: { revision: 9, ageMs: 61_000 },
      keys: { revision: 8, ageMs: 1_000 },
    });
    expect(await known()).toEqual(['8']);
  });
});
