import {
  endpoints,
  type Deployment,
} from '@ai-gateway/backstage-plugin-ai-gateway-common';
import { randomUUID } from 'node:crypto';
import {
  seedModel,
  seedProvider,
  seedPublishedModel,
} from '../__testUtils__/seed';
import { TestControlPlane } from '../__testUtils__/TestControlPlane';

describe('routing', () => {
  let plane: TestControlPlane;
  let providerId: string;
  let large: Deployment;

  beforeEach(async () => {
    plane = await TestControlPlane.start();
    providerId = (await seedProvider(plane)).id;
    large = await seedPublishedModel(plane, 'large', providerId);
    await seedPublishedModel(plane, 'small', providerId);
    await seedModel(plane, 'draft');
  });

  const get = (modelId = 'large') =>
    plane.ok('admin', endpoints.getModelRouting, { params: { modelId } });
  const update = (input: object, modelId = 'large') =>
    plane.call('admin', endpoints.updateModelRouting, {
      params: { modelId },
      body: { version: 0, ...input },
    });
  const alias = (name: string, target: string) =>
    plane.call('admin', endpoints.createModelAlias, {
      body: { alias: name, target },
    });
  const problemOf = async (
    answer: Promise<{ status: number; body: unknown }>,
  ) => {
    const { status, body } = await answer;
    const { error } = Object(body);
    return [status, error?.fields?.[0]?.path, error?.message];
  };

  describe('of a model', () => {
    it('is as is usual until somebody says otherwise', async () => {
      expect(await get()).toMatchObject({
        modelId: 'large',
        strategy: 'priority',
        fallbackModels: [],
        retries: { attempts: 3 },
        health: { failures: 5, probe: true },
        timeouts: {},
        aliases: [],
        version: 0,
        updatedBy: null,
      });
    });

    it('changes in a revision that gateways read, and tells its history', async () => {
      const before = await plane.revision();
      const { status, body } = await update({
        strategy: 'least-latency',
        fallbackModels: ['small'],
        retries: { attempts: 5 },
        timeouts: { firstTokenMs: 5000 },
      });
      expect(status).toBe(200);
      expect(body).toMatchObject({
        strategy: 'least-latency',
        fallbackModels: ['small'],
        retries: { attempts: 5, perDeployment: 2 },
        timeouts: { firstTokenMs: 5000 },
        version: 1,
        updatedBy: 'user:default/root',
      });
      expect(await plane.revision()).toBe(before + 1);
      expect((await update({ strategy: 'weighted' })).status).toBe(409);
      await update({ version: 1, strategy: 'weighted' });
      const { items } = await plane.ok(
        'admin',
        endpoints.getModelRoutingHistory,
        { params: { modelId: 'large' } },
      );
      expect(items).toMatchObject([
        {
          action: 'routing.update',
          before: { strategy: 'least-latency' },
          after: { strategy: 'weighted' },
        },
        {
          before: { fallbackModels: [] },
          after: { fallbackModels: ['small'] },
        },
      ]);
    });

    it.each<[string, object, string, string]>([
      [
        'an unknown strategy',
        { strategy: 'roulette' },
        'strategy',
        'Invalid option',
      ],
      [
        'a fallback to itself',
        { fallbackModels: ['large'] },
        'fallbackModels',
        'itself',
      ],
      [
        'a fallback to nothing',
        { fallbackModels: ['gone'] },
        'fallbackModels',
        'neither a model nor an alias',
      ],
      [
        'a fallback to what is not published',
        { fallbackModels: ['draft'] },
        'fallbackModels',
        'nothing is published',
      ],
      [
        'a fallback twice',
        { fallbackModels: ['small', 'small'] },
        'fallbackModels',
        'once',
      ],
      [
        'no attempt at all',
        { retries: { attempts: 0 } },
        'retries.attempts',
        'Too small',
      ],
      [
        'a strange setting',
        { health: { patience: 1 } },
        'health.patience',
        'There is no such field',
      ],
      [
        'a longest wait that is shorter than the first',
        { retries: { backoffMs: 5000, maxBackoffMs: 10 } },
        'retries.maxBackoffMs',
        'cannot be shorter',
      ],
      [
        'a part that is given more time than the whole',
        { timeouts: { idleMs: 5000, totalMs: 1000 } },
        'timeouts.idleMs',
        'more time than the whole',
      ],
    ])('refuses %s', async (_, wrong, path, message) => {
      const revision = await plane.revision();
      expect(await problemOf(update(wrong))).toEqual([
        400,
        path,
        expect.stringContaining(message),
      ]);
      expect(await plane.revision()).toBe(revision);
      expect((await get()).version).toBe(0);
    });
  });

  describe('by aliases', () => {
    it('leads from vendors’ names to models, over others if need be', async () => {
      expect((await alias('meta-llama/Llama-3.3-70B', 'large')).status).toBe(
        201,
      );
      await alias('best', 'meta-llama/Llama-3.3-70B');
      await alias('cheap', 'small');
      const list = (query: object) =>
        plane.ok('alice', endpoints.listModelAliases, { query });
      expect(
        (await list({})).items.map(one => [one.alias, one.modelId]),
      ).toEqual([
        ['best', 'large'],
        ['cheap', 'small'],
        ['meta-llama/Llama-3.3-70B', 'large'],
      ]);
      expect((await list({ modelId: 'large' })).totalCount).toBe(2);
      expect((await get()).aliases).toEqual([
        'best',
        'meta-llama/Llama-3.3-70B',
      ]);

      const moved = await plane.ok('admin', endpoints.updateModelAlias, {
        params: { alias: 'meta-llama/Llama-3.3-70B' },
        body: { version: 1, target: 'small' },
      });
      expect(moved).toMatchObject({ modelId: 'small', version: 2 });
      expect(await plane.audit('meta-llama/Llama-3.3-70B')).toMatchObject([
        { action: 'model-alias.create' },
        {
          action: 'model-alias.update',
          changes: { before: { target: 'large' }, after: { target: 'small' } },
        },
      ]);
    });

    it.each<[string, string, string, number, string, string]>([
      ['the name of a model', 'small', 'large', 409, 'alias', 'ambiguous'],
      [
        'the name of a model that is not published',
        'draft',
        'large',
        409,
        'alias',
        'ambiguous',
      ],
      ['itself as its target', 'a', 'a', 400, 'target', 'a → a'],
      ['an unknown target', 'a', 'gone', 400, 'target', "'gone'"],
      [
        'a target that is not published',
        'a',
        'draft',
        400,
        'target',
        'nothing is published',
      ],
      ['spaces', 'my model', 'large', 400, 'alias', 'Use letters'],
    ])('refuses %s', async (_, name, target, status, path, message) => {
      expect(await problemOf(alias(name, target))).toEqual([
        status,
        path,
        expect.stringContaining(message),
      ]);
      expect(await plane.db('model_aliases')).toEqual([]);
    });

    it('refuses a second of the same name, and a circle', async () => {
      await alias('a', 'large');
      await alias('b', 'a');
      expect(await problemOf(alias('a', 'small'))).toEqual([
        409,
        'alias',
        "There is an alias 'a' already",
      ]);
      expect(
        await problemOf(
          plane.call('admin', endpoints.updateModelAlias, {
            params: { alias: 'a' },
            body: { version: 1, target: 'b' },
          }),
        ),
      ).toEqual([400, 'target', expect.stringContaining('a → b → a')]);
    });

    it('refuses to take away what something leads to', async () => {
      await alias('a', 'large');
      await alias('b', 'a');
      await update({ fallbackModels: ['b'] }, 'small');
      const drop = (name: string) =>
        plane.call('admin', endpoints.deleteModelAlias, {
          params: { alias: name },
        });
      expect((await drop('a')).status).toBe(409);
      expect((await drop('b')).status).toBe(409);
      await update({ version: 1, fallbackModels: [] }, 'small');
      expect((await drop('b')).status).toBe(204);
      expect((await drop('a')).status).toBe(204);
      expect((await drop('a')).status).toBe(404);
    });

    it('keeps whatever else would leave a name that leads nowhere', async () => {
      await alias('best', 'large');
      const unpublish = () =>
        plane.call('admin', endpoints.unpublishDeployment, {
          params: { deploymentId: large.id },
        });
      expect(await problemOf(unpublish())).toEqual([
        409,
        undefined,
        expect.stringContaining("The alias 'best' leads to 'large'"),
      ]);
      const disable = await plane.call('admin', endpoints.updateProvider, {
        params: { providerId },
        body: { version: 1, enabled: false },
      });
      expect(disable.status).toBe(409);
      expect(
        await problemOf(
          plane.call('admin', endpoints.createModel, {
            body: {
              id: 'best',
              title: 'Best',
              ownerRef: 'group:default/platform',
            },
          }),
        ),
      ).toEqual([409, 'id', expect.stringContaining('ambiguous')]);
      await plane.ok('admin', endpoints.deleteModelAlias, {
        params: { alias: 'best' },
      });
      expect((await unpublish()).status).toBe(200);
    });

    it('does not stand in the way of anything for a conflict that is there already', async () => {
      await plane.db('model_aliases').insert({
        alias: 'lost',
        target: 'gone',
        created_by: 'x',
        updated_by: 'x',
      });
      expect((await update({ strategy: 'weighted' })).status).toBe(200);
      expect((await alias('best', 'large')).status).toBe(201);
    });

    it('lets one of two win that would be a circle together', async () => {
      await alias('a', 'large');
      await alias('b', 'large');
      const lead = (name: string, target: string) =>
        plane.call('admin', endpoints.updateModelAlias, {
          params: { alias: name },
          body: { version: 1, target },
        });
      const answers = await Promise.all([lead('a', 'b'), lead('b', 'a')]);
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 400]);
    });
  });

  it('tells how each gateway finds a deployment', async () => {
    const gateway = async (hostname: string, silentFor: number) => {
      const id = randomUUID();
      await plane.db('gateway_replicas').insert({
        id,
        hostname,
        version: '1.0.0',
        started_at: new Date(),
        last_seen_at: plane.db.raw("now() - ? * interval '1 second'", [
          silentFor,
        ]),
        state: 'ready',
        applied_revision: 1,
      });
      return id;
    };
    await gateway('idle', 1);
    await plane.db('deployment_states').insert({
      gateway_id: await gateway('busy', 2),
      deployment_id: large.id,
      state: 'cooling',
      since: '2026-01-01T00:00:00Z',
      until: '2026-01-01T00:00:05Z',
      reason: 'upstream_rate_limited',
      first_token_ms: 120,
      in_flight: 3,
      reported_at: '2026-01-01T00:00:01Z',
    });
    const { items } = await plane.ok('admin', endpoints.listDeploymentStates, {
      params: { deploymentId: large.id },
    });
    expect(items).toMatchObject([
      {
        gateway: { hostname: 'idle', state: 'ready' },
        state: 'healthy',
        since: null,
        inFlight: 0,
        reportedAt: null,
      },
      {
        gateway: { hostname: 'busy' },
        state: 'cooling',
        since: '2026-01-01T00:00:00.000Z',
        until: '2026-01-01T00:00:05.000Z',
        reason: 'upstream_rate_limited',
        firstTokenMs: 120,
        answerMs: null,
        inFlight: 3,
      },
    ]);
  });
});
