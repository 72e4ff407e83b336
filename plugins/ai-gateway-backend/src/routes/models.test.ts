import { endpoints } from '@ai-gateway/backstage-plugin-ai-gateway-common';
import {
  seedDeployment,
  seedModel,
  seedProvider,
  seedPublishedModel,
} from '../__testUtils__/seed';
import { TestControlPlane } from '../__testUtils__/TestControlPlane';

describe('models', () => {
  let plane: TestControlPlane;
  let providerId: string;
  beforeEach(async () => {
    plane = await TestControlPlane.start();
    providerId = (await seedProvider(plane)).id;
  });

  const idsSeenBy = async (
    person: 'alice' | 'admin',
    query: Record<string, string | number> = {},
  ) => {
    const { body } = await plane.call(person, endpoints.listModels, { query });
    return body.items.map(model => model.id);
  };

  it('shows an engineer what consumers can call, and who manages models the rest when asked', async () => {
    await seedPublishedModel(plane, 'gpt-4o', providerId);
    await seedPublishedModel(plane, 'old', providerId, {
      lifecycle: 'deprecated',
    });
    await seedModel(plane, 'draft');

    expect(await idsSeenBy('alice')).toEqual(['gpt-4o', 'old']);
    expect(await idsSeenBy('alice', { status: 'available' })).toEqual([
      'gpt-4o',
    ]);
    expect(await idsSeenBy('alice', { status: 'deprecated' })).toEqual(['old']);
    expect(await idsSeenBy('admin')).toEqual(['gpt-4o', 'old']);
    expect(await idsSeenBy('admin', { status: 'unpublished' })).toEqual([
      'draft',
    ]);
    expect(await idsSeenBy('admin', { status: 'all' })).toEqual([
      'draft',
      'gpt-4o',
      'old',
    ]);
  });

  it.each(['unpublished', 'all'])(
    'refuses an engineer who asks for status=%s',
    async status => {
      const { status: code } = await plane.call('alice', endpoints.listModels, {
        query: { status },
      });
      expect(code).toBe(403);
    },
  );

  it('searches words in id, title and description, takes % and _ literally, and filters', async () => {
    await seedPublishedModel(plane, 'gpt-4o', providerId, {
      title: 'Omni',
      description: 'Sees and hears',
      capabilities: ['vision', 'tools'],
    });
    await seedPublishedModel(plane, 'embed', providerId, {
      title: 'Embedder 100%',
      modality: 'embedding',
    });

    expect(await idsSeenBy('alice', { search: 'HEARS omni' })).toEqual([
      'gpt-4o',
    ]);
    expect(await idsSeenBy('alice', { search: '%' })).toEqual(['embed']);
    expect(await idsSeenBy('alice', { search: '_' })).toEqual([]);
    expect(await idsSeenBy('alice', { search: 'omni nothing' })).toEqual([]);
    expect(await idsSeenBy('alice', { modality: 'embedding' })).toEqual([
      'embed',
    ]);
    expect(await idsSeenBy('alice', { capability: 'vision' })).toEqual([
      'gpt-4o',
    ]);
    expect(await idsSeenBy('alice', { provider: 'acme' })).toHaveLength(2);
    expect(await idsSeenBy('alice', { provider: 'other' })).toEqual([]);
  });

  it('pages, and counts what there is beyond the page', async () => {
    for (const id of ['a', 'b', 'c']) {
      await seedPublishedModel(plane, id, providerId);
    }
    const { items, totalCount } = await plane.ok(
      'alice',
      endpoints.listModels,
      { query: { limit: 2, offset: 1 } },
    );
    expect(items.map(model => model.id)).toEqual(['b', 'c']);
    expect(totalCount).toBe(3);
    const beyond = await plane.ok('alice', endpoints.listModels, {
      query: { offset: 50 },
    });
    expect(beyond).toEqual({ items: [], totalCount: 3 });
  });

  it('shows the price of the deployment that is tried first, and all providers that serve', async () => {
    const other = await seedProvider(plane, 'other');
    await seedModel(plane, 'gpt-4o');
    const deploy = async (
      fields: {
        providerId: string;
        upstreamModel: string;
        priority?: number;
        weight?: number;
      },
      input: string,
    ) => {
      const { id } = await seedDeployment(
        plane,
        { modelId: 'gpt-4o', ...fields },
        { input, output: '1' },
      );
      return plane.ok('admin', endpoints.publishDeployment, {
        params: { deploymentId: id },
      });
    };
    const price = async () =>
      (
        await plane.ok('alice', endpoints.getModel, {
          params: { modelId: 'gpt-4o' },
        })
      ).price?.input;

    await deploy({ providerId, upstreamModel: 'a', priority: 5 }, '5');
    expect(await price()).toBe('5');
    await deploy({ providerId, upstreamModel: 'b', priority: 2 }, '2');
    expect(await price()).toBe('2');
    await deploy(
      { providerId: other.id, upstreamModel: 'c', priority: 2, weight: 9 },
      '0.000000001',
    );
    expect(await price()).toBe('0.000000001');
    await deploy(
      { providerId, upstreamModel: 'd', priority: 2, weight: 9 },
      '7',
    );
    expect(await price()).toBe('0.000000001');

    const model = await plane.ok('alice', endpoints.getModel, {
      params: { modelId: 'gpt-4o' },
    });
    expect(model.providers.map(provider => provider.name).sort()).toEqual([
      'acme',
      'other',
    ]);
    expect(model.entityRef).toBe('resource:default/gpt-4o');
  });

  it('takes a model away when its provider is disabled, and brings it back', async () => {
    const provider = await plane.ok('admin', endpoints.getProvider, {
      params: { providerId },
    });
    await seedPublishedModel(plane, 'gpt-4o', providerId);
    await plane.ok('admin', endpoints.updateProvider, {
      params: { providerId },
      body: { version: provider.version, enabled: false },
    });

    expect(await idsSeenBy('alice')).toEqual([]);
    const seen = await plane.call('alice', endpoints.getModel, {
      params: { modelId: 'gpt-4o' },
    });
    expect(seen.status).toBe(404);
    const managed = await plane.ok('admin', endpoints.getModel, {
      params: { modelId: 'gpt-4o' },
    });
    expect(managed).toMatchObject({
      status: 'unpublished',
      entityRef: null,
      price: null,
      providers: [{ name: 'acme' }],
    });
    expect(plane.modelsChanged.at(-1)).toEqual(['gpt-4o']);

    await plane.ok('admin', endpoints.updateProvider, {
      params: { providerId },
      body: { version: provider.version + 1, enabled: true },
    });
    expect(await idsSeenBy('alice')).toEqual(['gpt-4o']);
  });

  it('creates a model, audits it, and tells gateways in a new revision', async () => {
    const revision = await plane.revision();
    const model = await plane.ok('admin', endpoints.createModel, {
      body: {
        id: 'gpt-4o',
        title: ' GPT-4o ',
        ownerRef: 'group:default/platform',
        capabilities: ['tools', 'tools', 'vision'],
        contextWindow: 128_000,
      },
    });

    expect(model).toMatchObject({
      title: 'GPT-4o',
      modality: 'chat',
      capabilities: ['tools', 'vision'],
      contextWindow: 128_000,
      maxOutputTokens: null,
      lifecycle: 'production',
      status: 'unpublished',
      version: 1,
    });
    expect(await plane.revision()).toBe(revision + 1);
    expect(await plane.audit('gpt-4o')).toMatchObject([
      {
        actor_kind: 'user',
        actor_ref: 'user:default/root',
        action: 'model.create',
        resource_kind: 'model',
        changes: { after: { id: 'gpt-4o', title: 'GPT-4o' } },
      },
    ]);
  });

  it('refuses a second model of the same id, and leaves nothing behind', async () => {
    await seedModel(plane, 'gpt-4o');
    const revision = await plane.revision();
    const { status, body } = await plane.call('admin', endpoints.createModel, {
      body: {
        id: 'gpt-4o',
        title: 'Other',
        ownerRef: 'group:default/platform',
      },
    });
    expect(status).toBe(409);
    expect(body.error).toMatchObject({
      name: 'ConflictError',
      fields: [{ path: 'id', message: "There is a model 'gpt-4o' already" }],
    });
    expect(await plane.revision()).toBe(revision);
    expect(await plane.audit('gpt-4o')).toHaveLength(1);
  });

  it('changes only what is sent, and keeps before and after in the audit trail', async () => {
    await seedModel(plane, 'gpt-4o', { description: 'Kept' });
    const changed = await plane.ok('admin', endpoints.updateModel, {
      params: { modelId: 'gpt-4o' },
      body: { version: 1, title: 'Other', contextWindow: 8000 },
    });

    expect(changed).toMatchObject({
      title: 'Other',
      description: 'Kept',
      contextWindow: 8000,
      version: 2,
    });
    expect((await plane.audit('gpt-4o'))[1]).toMatchObject({
      action: 'model.update',
      changes: {
        before: { title: 'Model gpt-4o', contextWindow: null },
        after: { title: 'Other', contextWindow: 8000 },
      },
    });
    expect(plane.modelsChanged).toEqual([['gpt-4o']]);
  });

  it('writes nothing when an update changes nothing', async () => {
    await seedModel(plane, 'gpt-4o');
    const revision = await plane.revision();
    const same = await plane.ok('admin', endpoints.updateModel, {
      params: { modelId: 'gpt-4o' },
      body: { version: 1, title: 'Model gpt-4o' },
    });
    expect(same.version).toBe(1);
    expect(await plane.revision()).toBe(revision);
    expect(await plane.audit('gpt-4o')).toHaveLength(1);
  });

  it('refuses a change of an older version and says who changed it meanwhile', async () => {
    await seedModel(plane, 'gpt-4o');
    await plane.ok('service', endpoints.updateModel, {
      params: { modelId: 'gpt-4o' },
      body: { version: 1, title: 'Theirs' },
    });
    const { status, body } = await plane.call('admin', endpoints.updateModel, {
      params: { modelId: 'gpt-4o' },
      body: { version: 1, title: 'Mine' },
    });
    expect(status).toBe(409);
    expect(body.error.name).toBe('ConflictError');
    expect(body.error.message).toMatch(
      /^external:seed changed this model at 20.+ \(version 1, now 2\)/,
    );
  });

  it('lets exactly one of many writers of the same version through', async () => {
    await seedModel(plane, 'gpt-4o');
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, i) =>
        plane.call('admin', endpoints.updateModel, {
          params: { modelId: 'gpt-4o' },
          body: { version: 1, title: `Writer ${i}` },
        }),
      ),
    );
    expect(answers.map(answer => answer.status).sort()).toEqual([
      200,
      ...Array(7).fill(409),
    ]);
    expect(await plane.audit('gpt-4o')).toHaveLength(2);
  });

  it('deletes a model without deployments, and refuses one that has some', async () => {
    await seedPublishedModel(plane, 'used', providerId);
    await seedModel(plane, 'unused');
    const refused = await plane.call('admin', endpoints.deleteModel, {
      params: { modelId: 'used' },
    });
    expect(refused.status).toBe(409);
    expect(refused.body.error.message).toContain('has deployments');

    await plane.ok('admin', endpoints.deleteModel, {
      params: { modelId: 'unused' },
    });
    expect(
      (
        await plane.call('admin', endpoints.getModel, {
          params: { modelId: 'unused' },
        })
      ).status,
    ).toBe(404);
    expect((await plane.audit('unused'))[1]).toMatchObject({
      action: 'model.delete',
      changes: { before: { title: 'Model unused' } },
    });
  });

  it.each([
    [{ id: 'Upper', title: 'x', ownerRef: 'group:default/a' }, 'id'],
    [{ id: 'x'.repeat(64), title: 'x', ownerRef: 'group:default/a' }, 'id'],
    [{ id: 'x', title: ' ', ownerRef: 'group:default/a' }, 'title'],
    [{ id: 'x', title: 'x', ownerRef: 'payments' }, 'ownerRef'],
    [{ id: 'x', title: 'x' }, 'ownerRef'],
    [
      { id: 'x', title: 'x', ownerRef: 'group:default/a', modality: 'smell' },
      'modality',
    ],
    [
      { id: 'x', title: 'x', ownerRef: 'group:default/a', contextWindow: 1.5 },
      'contextWindow',
    ],
    [
      { id: 'x', title: 'x', ownerRef: 'group:default/a', capabilities: ['?'] },
      'capabilities.0',
    ],
    [{ id: 'x', title: 'x', ownerRef: 'group:default/a', secret: 1 }, 'secret'],
    [{ id: 'x', title: 'a\u0000b', ownerRef: 'group:default/a' }, 'title'],
    [{ id: 'x', title: 'a\ud800b', ownerRef: 'group:default/a' }, 'title'],
  ])('refuses %j and names the field', async (body, path) => {
    const answer = await plane.call('admin', endpoints.createModel, { body });
    expect(answer.status).toBe(400);
    expect(answer.body.error.name).toBe('InputError');
    expect(answer.body.error.fields?.map(field => field.path)).toEqual([path]);
  });

  it('lists a thousand models in a constant number of queries, quickly', async () => {
    await plane.db.raw(
      `INSERT INTO models (id, title, modality, owner_ref, lifecycle, created_by, updated_by)
       SELECT 'bulk-' || i, 'Bulk ' || i, 'chat', 'group:default/platform', 'production', 'x', 'x'
       FROM generate_series(1, 1000) i;
       INSERT INTO deployments (id, model_id, provider_id, upstream_model, published, publication_changed_at, publication_changed_by, created_by, updated_by)
       SELECT gen_random_uuid(), id, (SELECT id FROM providers), 'u', true, now(), 'x', 'x', 'x' FROM models;
       INSERT INTO prices (id, deployment_id, effective_from, input_nano_usd_per_million, output_nano_usd_per_million, created_by)
       SELECT gen_random_uuid(), d.id, now() - n * interval '1 day', n, n, 'x' FROM deployments d, generate_series(1, 5) n;
       ANALYZE;`,
    );
    const queries: string[] = [];
    const count = ({ sql }: { sql: string }) => queries.push(sql);
    plane.db.on('query', count);
    const startedAt = performance.now();
    const { items, totalCount } = await plane.ok(
      'alice',
      endpoints.listModels,
      { query: { limit: 500 } },
    );
    const elapsed = performance.now() - startedAt;
    plane.db.off('query', count);

    expect(totalCount).toBe(1000);
    expect(items).toHaveLength(500);
    // Prices started 1 to 5 days ago: the newest is in force.
    expect(new Set(items.map(model => model.price?.input))).toEqual(
      new Set(['0.000000001']),
    );
    expect(queries).toHaveLength(3);
    expect(elapsed).toBeLessThan(2000);
  });
});
