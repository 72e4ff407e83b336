import { KeyDigester } from '@ai-gateway/backstage-plugin-ai-gateway-node';
import { TestDatabases } from '@backstage/backend-test-utils';
import type { Knex } from 'knex';
import { makeSpoolDirectory } from '../__testUtils__/startTestGateway';
import {
  TEST_PEPPER,
  TestControlPlane,
  type TestKey,
} from '../__testUtils__/TestControlPlane';
import { generateApiKey } from '@ai-gateway/backstage-plugin-ai-gateway-node';
import { KeyRing } from '../keys/KeyRing';
import { createLog } from '../telemetry/log';
import { Configuration } from './Configuration';
import type { ConfigurationStore } from './ConfigurationStore';
import { DatabaseConfigurationStore } from './DatabaseConfigurationStore';
import { LastGood } from './LastGood';

jest.setTimeout(60_000);

const databases = TestDatabases.create({ ids: ['POSTGRES_18'] });
const log = createLog('silent');

/** The real store, and how often it was asked. */
function counting(knex: Knex) {
  const store = DatabaseConfigurationStore.create({ knex });
  const counts = { revisions: 0, loads: [] as number[] };
  const counted: ConfigurationStore = {
    missingMigrations: () => store.missingMigrations(),
    revision: () => {
      counts.revisions += 1;
      return store.revision();
    },
    load: known => {
      counts.loads.push(known.keys);
      return store.load(known);
    },
  };
  return { counted, counts };
}

describe('Configuration', () => {
  let plane: TestControlPlane;
  let counts: ReturnType<typeof counting>['counts'];
  let configuration: Configuration;
  let ring: KeyRing;
  let lastGood: LastGood;

  beforeEach(async () => {
    plane = await TestControlPlane.create(await databases.init('POSTGRES_18'));
    const { counted, ...rest } = counting(plane.knex);
    counts = rest.counts;
    lastGood = LastGood.create({ directory: await makeSpoolDirectory(), log });
    configuration = Configuration.create({
      store: counted,
      lastGood,
      log,
      now: Date.now,
    });
    ring = KeyRing.create({
      digester: KeyDigester.create([{ version: 1, secret: TEST_PEPPER }]),
      table: configuration.keys,
      catchUp: () => configuration.catchUp(),
      now: Date.now,
    });
    await configuration.refresh();
  });

  afterEach(() => lastGood.close());

  it('reads only the keys that have changed', async () => {
    const first = await plane.addKey();
    await configuration.refresh();
    await plane.addKey();
    await configuration.refresh();
    expect(configuration.keys.size).toBe(2);
    expect(counts.loads).toEqual([-1, 1, 2]);
    expect(await ring.verify(first.apiKey, {})).toMatchObject({ ok: true });
  });

  it('reads everything anew from a database that was put back to an earlier state', async () => {
    const lost = await plane.addKey();
    await plane.change(async () => undefined);
    await configuration.refresh();
    // As many keys, but another one, at a revision that has been before.
    await plane.knex('api_keys').where({ id: lost.id }).delete();
    await plane.knex('config_revision').update({ revision: 1 });
    const restored = await plane.addKey();
    await configuration.refresh();
    expect(await ring.verify(lost.apiKey, {})).toMatchObject({
      refusal: { code: 'unknown_api_key' },
    });
    expect(await ring.verify(restored.apiKey, {})).toMatchObject({ ok: true });
  });

  describe('that starts with what the disk has', () => {
    let key: TestKey;
    let kept: number;
    let next: Configuration;

    beforeEach(async () => {
      key = await plane.addKey();
      await configuration.refresh();
      kept = configuration.applied.revision;
      await lastGood.close();
      next = Configuration.create({
        store: DatabaseConfigurationStore.create({ knex: plane.knex }),
        lastGood,
        log,
        now: Date.now,
      });
    });

    const verify = () =>
      KeyRing.create({
        digester: KeyDigester.create([{ version: 1, secret: TEST_PEPPER }]),
        table: next.keys,
        catchUp: () => next.catchUp(),
        now: Date.now,
      }).verify(key.apiKey, {});

    it('says up to which revision it knew keys before it read any', async () => {
      await next.restore();
      await plane.revokeKey(key.id);
      expect(await verify()).toMatchObject({ ok: true });
      expect(next.applied).toMatchObject({
        keys: null,
        restoredKeys: { revision: kept },
      });
      await next.refresh();
      expect(await verify()).toMatchObject({
        refusal: { code: 'revoked_api_key' },
      });
      expect(next.applied).toMatchObject({
        keys: { revision: kept + 1 },
        restoredKeys: { revision: kept },
      });
    });

    it('keeps the keys that it has read, though it refuses the configuration that came with them', async () => {
      await plane.revokeKey(key.id);
      await plane.addModel('alien', {
        providerId: await plane.addProvider('http://127.0.0.1:1/v1', {
          kind: 'from-the-future',
        }),
        upstreamModel: 'x',
      });
      await next.refresh();
      expect(next.snapshot).toBeNull();
      await next.restore();
      await next.refresh();
      expect(next.snapshot?.revision).toBe(kept);
      expect(await verify()).toMatchObject({
        refusal: { code: 'revoked_api_key' },
      });
      expect(next.applied.restoredKeys).toBeNull();
      await lastGood.close();
      expect((await lastGood.read())?.keys).toMatchObject([
        { id: key.id, revoked: true },
      ]);
    });
  });

  it('keeps a revocation on disk even while a configuration is refused', async () => {
    const providerId = await plane.addProvider('http://127.0.0.1:9/v1');
    const key = await plane.addKey();
    await configuration.refresh();
    // So that it is on disk.
    await lastGood.close();
    await plane.change(tx =>
      tx('providers').where({ id: providerId }).update({ kind: 'nonsense' }),
    );
    await plane.addModel('refused', { providerId, upstreamModel: 'any' });
    await plane.revokeKey(key.id);
    await configuration.refresh();
    expect(configuration.applied.refusedBecause).not.toBeNull();
    await lastGood.close();

    // As one that starts while the database is away.
    const restarted = Configuration.create({
      store: counting(plane.knex).counted,
      lastGood,
      log,
      now: Date.now,
    });
    await restarted.restore();
    expect(restarted.applied.revision).toBe(configuration.applied.revision);
    const restartedRing = KeyRing.create({
      digester: KeyDigester.create([{ version: 1, secret: TEST_PEPPER }]),
      table: restarted.keys,
      catchUp: async () => false,
      now: Date.now,
    });
    expect(await restartedRing.verify(key.apiKey, {})).toMatchObject({
      refusal: { code: 'revoked_api_key' },
    });
  });

  it('reads nothing but the revision when nothing has changed', async () => {
    await configuration.refresh();
    await configuration.refresh();
    expect(counts.loads).toHaveLength(1);
  });

  it('asks the database a few times for a flood of keys that nobody knows', async () => {
    const before = counts.revisions;
    const verdicts = await Promise.all(
      Array.from({ length: 500 }, () =>
        ring.verify(generateApiKey().apiKey, {}),
      ),
    );
    expect(
      verdicts.every(v => !v.ok && v.refusal.code === 'unknown_api_key'),
    ).toBe(true);
    expect(counts.revisions - before).toBeLessThanOrEqual(2);
    expect(counts.loads).toHaveLength(1);
  });

  it('asks nothing for keys that it knows, or that cannot be any', async () => {
    const { apiKey } = await plane.addKey();
    await ring.verify(apiKey, {});
    const before = counts.revisions;
    await ring.verify(apiKey, {});
    await ring.verify('nonsense', {});
    await ring.verify(
      `${apiKey.slice(0, -1)}${apiKey.endsWith('a') ? 'b' : 'a'}`,
      {},
    );
    expect(counts.revisions).toBe(before);
  });

  it('takes a rotated key until its old digest lapses, and the new one from the start', async () => {
    const old = await plane.addKey();
    const digester = KeyDigester.create([{ version: 1, secret: TEST_PEPPER }]);
    const next = generateApiKey().apiKey;
    const rotate = (lapsesAt: Date) =>
      plane.change(async (tx, revision) => {
        await tx('api_key_digests')
          .where({ api_key_id: old.id })
          .whereNull('lapses_at')
          .update({ lapses_at: lapsesAt });
        const { digest, pepperVersion } = digester.digest(next);
        await tx('api_key_digests')
          .insert({
            digest,
            api_key_id: old.id,
            pepper_version: pepperVersion,
          })
          .onConflict('digest')
          .ignore();
        await tx('api_keys').where({ id: old.id }).update({ revision });
      });
    await rotate(new Date(Date.now() + 60_000));
    await configuration.refresh();
    expect(await ring.verify(old.apiKey, {})).toMatchObject({
      key: { id: old.id },
    });
    expect(await ring.verify(next, {})).toMatchObject({ key: { id: old.id } });

    await plane.change(async (tx, revision) => {
      await tx('api_key_digests')
        .where({ api_key_id: old.id })
        .whereNotNull('lapses_at')
        .update({ lapses_at: new Date(Date.now() - 1) });
      await tx('api_keys').where({ id: old.id }).update({ revision });
    });
    await configuration.refresh();
    expect(await ring.verify(old.apiKey, {})).toMatchObject({
      refusal: { code: 'expired_api_key' },
    });
    expect(await ring.verify(next, {})).toMatchObject({ ok: true });
  });

  it('reads many keys whole, in portions, and those that have changed by themselves', async () => {
    const one = await plane.addKey();
    const many = 10_000;
    const id = 'left(md5(n::text), 12)';
    await plane.change(async (tx, revision) => {
      await tx.raw(
        `INSERT INTO api_keys
           (id, project_id, owner_kind, owner_ref, label, last_four, created_by, revision)
         SELECT ${id}, project_id, owner_kind, owner_ref, label, last_four, created_by, ?
         FROM api_keys, generate_series(1, ${many}) AS n WHERE id = ?`,
        [revision, one.id],
      );
      await tx.raw(
        `INSERT INTO api_key_digests (digest, api_key_id, pepper_version)
         SELECT sha256(n::text::bytea), ${id}, 1 FROM generate_series(1, ${many}) AS n`,
      );
    });
    const { counted, counts: fresh } = counting(plane.knex);
    const next = Configuration.create({
      store: counted,
      lastGood,
      log,
      now: Date.now,
    });
    await next.refresh();
    expect(next.keys.size).toBe(many + 1);
    const digests: Array<{ id: string; digest: Buffer }> = await plane
      .knex('api_key_digests')
      .select({ id: 'api_key_id', digest: 'digest' });
    expect(digests).toHaveLength(many + 1);
    const found = digests.filter(
      ({ id: keyId, digest }) =>
        next.keys.find(digest.toString('hex'))?.id === keyId,
    );
    expect(found).toHaveLength(many + 1);
    await plane.addKey();
    await next.refresh();
    expect(next.keys.size).toBe(many + 2);
    expect(fresh.loads).toEqual([-1, expect.any(Number)]);
  });

  it('finds keys under every pepper', async () => {
    const { apiKey } = await plane.addKey();
    const rotated = KeyRing.create({
      digester: KeyDigester.create([
        { version: 2, secret: 'a newer pepper that is for tests only too' },
        { version: 1, secret: TEST_PEPPER },
      ]),
      table: configuration.keys,
      catchUp: () => configuration.catchUp(),
      now: Date.now,
    });
    expect(await rotated.verify(apiKey, {})).toMatchObject({ ok: true });
  });
});
