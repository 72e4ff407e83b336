import { TestDatabases } from '@backstage/backend-test-utils';
import {
  applyMigrations,
  CONFIG_CHANNEL,
} from '@ai-gateway/backstage-plugin-ai-gateway-node';
import type { Knex } from 'knex';
import { v7 as uuidv7 } from 'uuid';
import { changesOf } from './changesOf';
import { DatabaseWrites } from './DatabaseWrites';
import type { Write } from './Writes';

const databases = TestDatabases.create({ ids: ['POSTGRES_18'] });
const actor = { kind: 'user', ref: 'user:default/root' } as const;
const NOW = Date.UTC(2026, 0, 1);

describe('DatabaseWrites', () => {
  let db: Knex;
  let writes: DatabaseWrites;
  let modelsChanged: string[][];
  beforeEach(async () => {
    db = await databases.init('POSTGRES_18');
    await applyMigrations(db);
    modelsChanged = [];
    writes = DatabaseWrites.create({
      db,
      clock: () => NOW,
      newId: uuidv7,
      onModelsChanged: async ids => {
        modelsChanged.push(ids);
      },
    });
  });

  const audit = (write: Write, id: string) =>
    write.audit({
      action: 'model.create',
      resourceKind: 'model',
      resourceId: id,
      changes: changesOf(undefined, { id }),
    });
  const state = async () => ({
    revision: Number((await db('config_revision').first()).revision),
    audited: await db('audit_events').pluck('resource_id'),
  });

  it('writes the audit event and the new revision together, with who and when', async () => {
    await writes.run(actor, async write => {
      await write.revision();
      await audit(write, 'a');
    });
    expect(await state()).toEqual({ revision: 1, audited: ['a'] });
    expect(await db('audit_events').first()).toMatchObject({
      actor_kind: 'user',
      actor_ref: 'user:default/root',
      occurred_at: new Date(NOW),
    });
  });

  it('leaves nothing of a write that fails, and tells nobody', async () => {
    await expect(
      writes.run(actor, async write => {
        await write.revision();
        await audit(write, 'a');
        write.modelsChanged(['a']);
        throw new TypeError('refused');
      }),
    ).rejects.toThrow('refused');
    expect(await state()).toEqual({ revision: 0, audited: [] });
    expect(modelsChanged).toEqual([]);
  });

  it('takes one revision for a write, however often it is asked', async () => {
    const revisions = await writes.run(actor, async write => [
      await write.revision(),
      await write.revision(),
    ]);
    expect(revisions).toEqual([1n, 1n]);
  });

  it('gives every one of many writers a revision of its own, in the order in which they commit', async () => {
    const committed: bigint[] = [];
    await Promise.all(
      Array.from({ length: 12 }, async (_, i) => {
        const revision = await writes.run(actor, async write => {
          await audit(write, String(i));
          return write.revision();
        });
        committed.push(revision);
      }),
    );
    expect([...committed].sort((a, b) => Number(a - b))).toEqual(
      Array.from({ length: 12 }, (_, i) => BigInt(i + 1)),
    );
    expect((await state()).audited).toHaveLength(12);
  });

  it('never lets writers that take other locks in opposite order wait for each other', async () => {
    await db.raw(
      `INSERT INTO models (id, title, modality, owner_ref, lifecycle, created_by, updated_by)
       SELECT id, id, 'chat', 'group:default/x', 'production', 'x', 'x' FROM unnest(ARRAY['a', 'b']) id`,
    );
    const fields = {
      title: 't',
      description: '',
      modality: 'chat',
      capabilities: [],
      contextWindow: null,
      maxOutputTokens: null,
      ownerRef: 'group:default/x',
      lifecycle: 'production',
    } as const;
    const touch = (ids: string[]) =>
      writes.run(actor, async ({ stores, stamp }) => {
        for (const id of ids) await stores.models.update(id, fields, stamp);
      });
    await Promise.all(
      Array.from({ length: 10 }, (_, i) =>
        touch(i % 2 === 0 ? ['a', 'b'] : ['b', 'a']),
      ),
    );
    expect(await db('models').pluck('version')).toEqual([11, 11]);
  });

  it('notifies listeners of the new revision on commit, and of nothing that was rolled back', async () => {
    const connection = await db.client.acquireConnection();
    try {
      const heard: string[] = [];
      const marker = new Promise<void>(resolve => {
        connection.on(
          'notification',
          ({ channel, payload }: { channel: string; payload: string }) => {
            if (channel === CONFIG_CHANNEL) heard.push(payload);
            if (channel === 'done') resolve();
          },
        );
      });
      await connection.query(`LISTEN ${CONFIG_CHANNEL}`);
      await connection.query('LISTEN done');

      await writes
        .run(actor, async write => {
          await write.revision();
          throw new TypeError('refused');
        })
        .catch(() => {});
      await writes.run(actor, async write => {
        await write.revision();
        expect(heard).toEqual([]);
      });
      await db.raw("SELECT pg_notify('done', '')");
      await marker;
      expect(heard).toEqual(['1']);
    } finally {
      await db.client.releaseConnection(connection);
    }
  });

  it('tells of changed models once, after the commit', async () => {
    await writes.run(actor, async write => {
      write.modelsChanged(['b', 'a']);
      write.modelsChanged(['a']);
      expect(modelsChanged).toEqual([]);
    });
    expect(modelsChanged).toEqual([['b', 'a']]);
  });
});
