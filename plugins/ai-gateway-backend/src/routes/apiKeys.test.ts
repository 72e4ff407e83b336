import {
  endpoints,
  type CreatedApiKey,
} from '@ai-gateway/backstage-plugin-ai-gateway-common';
import {
  KeyDigester,
  parseApiKey,
} from '@ai-gateway/backstage-plugin-ai-gateway-node';
import type { Person } from '../__testUtils__/people';
import {
  seedModel,
  seedProject,
  seedProvider,
  seedPublishedModel,
} from '../__testUtils__/seed';
import {
  TEST_PEPPER,
  TestControlPlane,
} from '../__testUtils__/TestControlPlane';

const DAY = 86_400_000;

describe('API keys', () => {
  let plane: TestControlPlane;
  beforeEach(async () => {
    plane = await TestControlPlane.start();
    await seedProject(plane, 'checkout', 'payments');
    await seedProject(plane, 'ranking', 'search');
  });

  const create = (person: Person, body: object = {}, idempotencyKey?: string) =>
    plane.call(person, endpoints.createApiKey, {
      body: { label: 'Laptop', projectId: 'checkout', ...body },
      ...(idempotencyKey && {
        headers: { 'idempotency-key': idempotencyKey },
      }),
    });
  const created = async (
    ...args: Parameters<typeof create>
  ): Promise<CreatedApiKey> => {
    const { status, body } = await create(...args);
    expect({ status, body }).toEqual({ status: 201, body });
    return body;
  };
  const labelsSeenBy = async (
    person: Person,
    query: Record<string, string | number> = {},
  ) => {
    const { body } = await plane.call(person, endpoints.listApiKeys, { query });
    expect(body.totalCount).toBeGreaterThanOrEqual(body.items.length);
    return body.items.map(item => item.label);
  };

  it('gives the secret once; keeps its digest, and nothing else of it anywhere', async () => {
    const revision = await plane.revision();
    const { apiKey, secret } = await created('alice');

    expect(parseApiKey(secret ?? '')).toEqual({
      kind: 'well-formed',
      id: apiKey.id,
    });
    expect(apiKey).toMatchObject({
      lastFour: secret?.slice(-4),
      owner: { kind: 'user', ref: 'user:default/alice' },
      modelScope: null,
      state: 'active',
      createdBy: 'user:default/alice',
      expiresAt: null,
      lastUsedAt: null,
      canRevoke: true,
    });
    const digest = await plane
      .db('api_key_digests')
      .where({ api_key_id: apiKey.id })
      .first();
    const digester = KeyDigester.create([{ version: 1, secret: TEST_PEPPER }]);
    expect(digest.digest).toEqual(digester.digest(secret ?? '').digest);
    expect(await plane.revision()).toBe(revision + 1);

    const audited = await plane.audit(apiKey.id);
    expect(audited).toMatchObject([
      { action: 'api-key.create', project_id: 'checkout' },
    ]);
    const { rows: tables } = await plane.db.raw(
      "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'",
    );
    for (const { table_name } of tables) {
      const { rows } = await plane.db.raw('SELECT t::text FROM ?? t', [
        table_name,
      ]);
      expect(JSON.stringify(rows)).not.toContain(secret?.slice(5, 56));
      expect(JSON.stringify(rows)).not.toContain(secret?.slice(18, 61));
    }
    const again = await plane.ok('alice', endpoints.getApiKey, {
      params: { apiKeyId: apiKey.id },
    });
    expect(again).toEqual(apiKey);
  });

  it('forbids caches to keep the answer', async () => {
    const { headers } = await plane.sendRaw('alice', 'post', '/api-keys', {
      body: { label: 'x', projectId: 'checkout' },
    });
    expect(headers['cache-control']).toBe('no-store');
  });

  it('gives the same key without its secret when the same request comes again', async () => {
    const first = await created('alice', {}, 'once-only');
    const second = await created('alice', {}, 'once-only');
    expect(second).toEqual({ apiKey: first.apiKey, secret: null });
    expect(await plane.audit(first.apiKey.id)).toHaveLength(1);
  });

  it('gives one key and one secret to many requests at once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => created('alice', {}, 'all-at-once')),
    );
    expect(new Set(answers.map(({ apiKey }) => apiKey.id)).size).toBe(1);
    expect(answers.filter(({ secret }) => secret !== null)).toHaveLength(1);
  });

  it('refuses another request under the same idempotency key, and keeps callers apart', async () => {
    const { apiKey } = await created('alice', {}, 'shared-by-chance');
    const other = await create('alice', { label: 'Other' }, 'shared-by-chance');
    expect(other.status).toBe(409);
    const theirs = await created('carol', {}, 'shared-by-chance');
    expect(theirs.apiKey.id).not.toBe(apiKey.id);
    expect(theirs.secret).not.toBeNull();
  });

  it('gives the same key again even when by now it could not be made', async () => {
    const provider = await seedProvider(plane);
    const deployment = await seedPublishedModel(plane, 'gpt-4o', provider.id);
    const scoped = { modelScope: ['gpt-4o'] };
    const first = await created('alice', scoped, 'before-unpublishing');
    await plane.ok('admin', endpoints.unpublishDeployment, {
      params: { deploymentId: deployment.id },
    });
    const again = await created('alice', scoped, 'before-unpublishing');
    expect(again.apiKey.id).toBe(first.apiKey.id);
  });

  it('takes a key of an app that a team of the caller owns, of any app from an admin', async () => {
    const app = (name: string) => ({
      owner: { kind: 'app', ref: `component:default/${name}` },
    });
    const { apiKey } = await created('alice', app('checkout-web'));
    expect(apiKey.owner).toEqual({
      kind: 'app',
      ref: 'component:default/checkout-web',
    });
    await created('admin', app('search-api'));

    const foreign = await create('alice', app('search-api'));
    const unknown = await create('alice', app('nothing'));
    for (const { status, body } of [foreign, unknown]) {
      expect(status).toBe(400);
      expect(body.error.fields?.[0].path).toBe('owner.ref');
    }
    expect(foreign.body.error.message.replace('search-api', 'nothing')).toBe(
      unknown.body.error.message,
    );
  });

  it('makes no own key for a service, but one of the project', async () => {
    const own = await create('service');
    expect(own.status).toBe(400);
    expect(own.body.error.fields?.[0].path).toBe('owner.kind');
    const { apiKey } = await created('service', { owner: { kind: 'project' } });
    expect(apiKey).toMatchObject({
      owner: { kind: 'project' },
      createdBy: 'external:seed',
    });
  });

  it('limits a key to published models only, told apart in no way from unknown ones', async () => {
    const provider = await seedProvider(plane);
    await seedPublishedModel(plane, 'gpt-4o', provider.id);
    await seedModel(plane, 'draft');
    const { apiKey } = await created('alice', {
      modelScope: ['gpt-4o', 'gpt-4o'],
    });
    expect(apiKey.modelScope).toEqual(['gpt-4o']);

    const draft = await create('alice', { modelScope: ['gpt-4o', 'draft'] });
    const unknown = await create('alice', { modelScope: ['gpt-4o', 'none'] });
    expect(draft.status).toBe(400);
    expect(draft.body.error.fields).toEqual([
      { path: 'modelScope', message: "There is no published model 'draft'" },
    ]);
    expect(unknown.body.error.message.replace('none', 'draft')).toBe(
      draft.body.error.message,
    );
  });

  it.each([
    ['label', { label: '  ' }],
    ['label', { label: 'x'.repeat(81) }],
    ['modelScope', { modelScope: [] }],
    ['expiresAt', { expiresAt: new Date(Date.now() - 1000).toISOString() }],
    [
      'expiresAt',
      { expiresAt: new Date(Date.now() + 6 * 365 * DAY).toISOString() },
    ],
    ['expiresAt', { expiresAt: 'never' }],
    ['owner.ref', { owner: { kind: 'app', ref: 'group:default/x' } }],
    ['owner.ref', { owner: { kind: 'user', ref: 'user:default/bob' } }],
    ['secret', { secret: 'mine' }],
  ])('refuses a bad %s', async (path, body) => {
    const answer = await create('alice', body);
    expect(answer.status).toBe(400);
    expect(answer.body.error.fields?.map(field => field.path)).toEqual([path]);
  });

  it.each(['short', 'has a blank', 'x'.repeat(129)])(
    'refuses the idempotency key %j',
    async idempotencyKey => {
      const { status, body } = await create('alice', {}, idempotencyKey);
      expect(status).toBe(400);
      expect(body.error.fields?.[0].path).toBe('idempotency-key');
    },
  );

  it('shows whose team owns the project, and whose key it is: nobody else', async () => {
    await created('alice', { label: 'own' });
    await created('bob', { label: 'theirs', projectId: 'ranking' });
    await created('admin', {
      label: 'of the project',
      owner: { kind: 'project' },
    });

    expect(await labelsSeenBy('alice')).toEqual(['of the project', 'own']);
    expect(await labelsSeenBy('carol')).toEqual(['of the project', 'own']);
    expect(await labelsSeenBy('bob')).toEqual(['theirs']);
    expect(await labelsSeenBy('admin')).toHaveLength(3);
    expect(await labelsSeenBy('bob', { projectId: 'checkout' })).toEqual([]);
  });

  it('leaves people their own keys when the project goes to another team', async () => {
    const { apiKey } = await created('alice');
    await plane.ok('admin', endpoints.updateProject, {
      params: { projectId: 'checkout' },
      body: { version: 1, ownerRef: 'group:default/search' },
    });
    const seen = await plane.ok('alice', endpoints.getApiKey, {
      params: { apiKeyId: apiKey.id },
    });
    expect(seen.canRevoke).toBe(true);
    const { status } = await plane.call('carol', endpoints.getApiKey, {
      params: { apiKeyId: apiKey.id },
    });
    expect(status).toBe(404);
  });

  it('lists newest first, by page, state, project, label and last four', async () => {
    const active = await created('alice', { label: 'active 100%' });
    const expired = await created('alice', {
      label: 'expired',
      expiresAt: new Date(Date.now() + DAY).toISOString(),
    });
    await plane
      .db('api_keys')
      .where({ id: expired.apiKey.id })
      .update({ expires_at: new Date(Date.now() - 1) });
    const revoked = await created('alice', { label: 'revoked' });
    await plane.ok('alice', endpoints.revokeApiKey, {
      params: { apiKeyId: revoked.apiKey.id },
    });

    expect(await labelsSeenBy('alice')).toEqual([
      'revoked',
      'expired',
      'active 100%',
    ]);
    expect(await labelsSeenBy('alice', { limit: 1, offset: 1 })).toEqual([
      'expired',
    ]);
    expect(await labelsSeenBy('alice', { state: 'active' })).toEqual([
      'active 100%',
    ]);
    expect(await labelsSeenBy('alice', { state: 'expired' })).toEqual([
      'expired',
    ]);
    expect(await labelsSeenBy('alice', { state: 'revoked' })).toEqual([
      'revoked',
    ]);
    expect(await labelsSeenBy('alice', { search: '0%' })).toEqual([
      'active 100%',
    ]);
    expect(
      await labelsSeenBy('alice', { search: active.apiKey.lastFour }),
    ).toEqual(['active 100%']);
  });

  it('revokes a key for good, in a revision of its own, once', async () => {
    const { apiKey } = await created('alice');
    const revoke = () =>
      plane.ok('carol', endpoints.revokeApiKey, {
        params: { apiKeyId: apiKey.id },
      });
    const revoked = await revoke();
    expect(revoked).toMatchObject({
      state: 'revoked',
      revokedBy: 'user:default/carol',
      canRevoke: false,
    });
    const row = await plane.db('api_keys').where({ id: apiKey.id }).first();
    const revision = await plane.revision();
    expect(Number(row.revision)).toBe(revision);

    expect(await revoke()).toEqual(revoked);
    expect(await plane.revision()).toBe(revision);
    expect((await plane.audit(apiKey.id)).map(event => event.action)).toEqual([
      'api-key.create',
      'api-key.revoke',
    ]);
  });

  it('revokes once when many ask at the same time', async () => {
    const { apiKey } = await created('alice');
    const answers = await Promise.all(
      (['alice', 'carol', 'admin', 'service'] as const).map(person =>
        plane.ok(person, endpoints.revokeApiKey, {
          params: { apiKeyId: apiKey.id },
        }),
      ),
    );
    expect(new Set(answers.map(answer => answer.revokedBy)).size).toBe(1);
    expect(await plane.audit(apiKey.id)).toHaveLength(2);
  });
});
