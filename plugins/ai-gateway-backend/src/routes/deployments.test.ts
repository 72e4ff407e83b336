import { endpoints } from '@ai-gateway/backstage-plugin-ai-gateway-common';
import {
  seedDeployment,
  seedModel,
  seedProvider,
  seedPublishedModel,
} from '../__testUtils__/seed';
import { TestControlPlane } from '../__testUtils__/TestControlPlane';

describe('deployments', () => {
  let plane: TestControlPlane;
  let providerId: string;
  beforeEach(async () => {
    plane = await TestControlPlane.start();
    providerId = (await seedProvider(plane)).id;
    await seedModel(plane, 'gpt-4o');
  });

  const publish = (deploymentId: string) =>
    plane.call('admin', endpoints.publishDeployment, {
      params: { deploymentId },
    });
  const unpublish = (deploymentId: string) =>
    plane.call('admin', endpoints.unpublishDeployment, {
      params: { deploymentId },
    });

  it('starts unpublished and without a price', async () => {
    const deployment = await plane.ok('admin', endpoints.createDeployment, {
      body: { modelId: 'gpt-4o', providerId, upstreamModel: ' gpt-4o-2024 ' },
    });
    expect(deployment).toMatchObject({
      upstreamModel: 'gpt-4o-2024',
      weight: 1,
      priority: 0,
      published: false,
      publication: null,
      currentPrice: null,
      provider: { id: providerId, name: 'acme', enabled: true },
    });
    expect(plane.modelsChanged).toEqual([]);
  });

  it.each([
    [{ modelId: 'unknown' }, 'modelId'],
    [{ providerId: '01890000-0000-7000-8000-000000000000' }, 'providerId'],
    [{ providerId: 'nonsense' }, 'providerId'],
    [{ upstreamModel: '' }, 'upstreamModel'],
    [{ weight: 0 }, 'weight'],
    [{ priority: -1 }, 'priority'],
  ])('refuses %j', async (fields, path) => {
    const { status, body } = await plane.call(
      'admin',
      endpoints.createDeployment,
      {
        body: { modelId: 'gpt-4o', providerId, upstreamModel: 'u', ...fields },
      },
    );
    expect(status).toBe(400);
    expect(body.error.fields?.map(field => field.path)).toEqual([path]);
  });

  it('refuses the same target twice, on creation and on change', async () => {
    await seedDeployment(plane, {
      modelId: 'gpt-4o',
      providerId,
      upstreamModel: 'a',
    });
    const other = await seedDeployment(plane, {
      modelId: 'gpt-4o',
      providerId,
      upstreamModel: 'b',
    });
    const created = await plane.call('admin', endpoints.createDeployment, {
      body: { modelId: 'gpt-4o', providerId, upstreamModel: 'a' },
    });
    const changed = await plane.call('admin', endpoints.updateDeployment, {
      params: { deploymentId: other.id },
      body: { version: 1, upstreamModel: 'a' },
    });
    for (const answer of [created, changed]) {
      expect(answer.status).toBe(409);
      expect(answer.body.error.fields?.[0].path).toBe('upstreamModel');
    }
  });

  it('publishes with a price in force: the model, the catalog, gateways and the audit trail know', async () => {
    const { id } = await seedDeployment(plane, {
      modelId: 'gpt-4o',
      providerId,
    });
    plane.modelsChanged.length = 0;
    const revision = await plane.revision();

    const { body } = await publish(id);

    expect(body).toMatchObject({
      published: true,
      publication: { changedBy: 'user:default/root' },
      currentPrice: { state: 'current', amounts: { input: '0.15' } },
    });
    expect(plane.modelsChanged).toEqual([['gpt-4o']]);
    expect(await plane.revision()).toBe(revision + 1);
    expect((await plane.audit(id)).at(-1)).toMatchObject({
      action: 'deployment.publish',
      changes: { before: { published: false }, after: { published: true } },
    });
    const model = await plane.ok('alice', endpoints.getModel, {
      params: { modelId: 'gpt-4o' },
    });
    expect(model.status).toBe('available');
  });

  it('publishes and unpublishes once, however often it is asked', async () => {
    const { id } = await seedDeployment(plane, {
      modelId: 'gpt-4o',
      providerId,
    });
    await publish(id);
    const revision = await plane.revision();
    expect((await publish(id)).status).toBe(200);
    expect(await plane.revision()).toBe(revision);

    expect((await unpublish(id)).body.published).toBe(false);
    expect((await unpublish(id)).status).toBe(200);
    expect(await plane.revision()).toBe(revision + 1);
    expect((await plane.audit(id)).map(event => event.action)).toEqual([
      'deployment.create',
      'deployment.publish',
      'deployment.unpublish',
    ]);
  });

  it('refuses to publish without a price, or with one that has not started', async () => {
    const { id } = await plane.ok('admin', endpoints.createDeployment, {
      body: { modelId: 'gpt-4o', providerId, upstreamModel: 'u' },
    });
    const without = await publish(id);
    expect(without.status).toBe(409);
    expect(without.body.error).toMatchObject({
      name: 'ConflictError',
      message: expect.stringContaining('no price in force'),
    });

    await plane.ok('admin', endpoints.createPrice, {
      params: { deploymentId: id },
      body: {
        effectiveFrom: new Date(Date.now() + 3_600_000).toISOString(),
        amounts: { input: '1', output: '1' },
      },
    });
    expect((await publish(id)).status).toBe(409);
  });

  it('refuses to publish at a disabled provider', async () => {
    const { id } = await seedDeployment(plane, {
      modelId: 'gpt-4o',
      providerId,
    });
    await plane.ok('admin', endpoints.updateProvider, {
      params: { providerId },
      body: { version: 1, enabled: false },
    });
    const { status, body } = await publish(id);
    expect(status).toBe(409);
    expect(body.error.message).toContain("'acme' is disabled");
  });

  it('deletes what was never used, and keeps what is published or was used', async () => {
    const { id } = await seedPublishedModel(plane, 'used', providerId);
    const remove = () =>
      plane.call('admin', endpoints.deleteDeployment, {
        params: { deploymentId: id },
      });
    const published = await remove();
    expect(published.status).toBe(409);
    expect(published.body.error.message).toContain('Unpublish it first');

    await unpublish(id);
    await plane.db('usage_events').insert({
      id: '01890000-0000-7000-8000-000000000000',
      occurred_at: new Date(),
      request_id: 'r',
      attempt: 1,
      gateway_id: '01890000-0000-7000-8000-000000000000',
      project_id: 'p',
      business_unit: 'b',
      api_key_id: 'k',
      owner_kind: 'project',
      model_id: 'used',
      deployment_id: id,
      provider_id: providerId,
      upstream_model: 'u',
      endpoint: 'chat.completions',
      streamed: false,
      outcome: 'complete',
      usage_source: 'reported',
      cost_nano_usd: 1,
      latency_ms: 1,
    });
    const used = await remove();
    expect(used.status).toBe(409);
    expect(used.body.error.message).toContain('bills refer to it');

    const other = await seedDeployment(plane, {
      modelId: 'gpt-4o',
      providerId,
    });
    const { status } = await plane.call('admin', endpoints.deleteDeployment, {
      params: { deploymentId: other.id },
    });
    expect(status).toBe(204);
  });

  it('lists by model and by provider', async () => {
    const { id } = await seedDeployment(plane, {
      modelId: 'gpt-4o',
      providerId,
    });
    await seedPublishedModel(plane, 'other', providerId);
    const byModel = await plane.ok('admin', endpoints.listDeployments, {
      query: { modelId: 'gpt-4o' },
    });
    expect(byModel.items.map(item => item.id)).toEqual([id]);
    const byProvider = await plane.ok('admin', endpoints.listDeployments, {
      query: { providerId, limit: 1 },
    });
    expect(byProvider).toMatchObject({ totalCount: 2, items: [{}] });
  });
});
