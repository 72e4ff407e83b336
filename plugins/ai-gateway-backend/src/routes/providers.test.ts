import { endpoints } from '@ai-gateway/backstage-plugin-ai-gateway-common';
import { startOpenAiServer } from '../__testUtils__/openAiServer';
import { seedModel, seedProvider } from '../__testUtils__/seed';
import { TestControlPlane } from '../__testUtils__/TestControlPlane';

describe('providers', () => {
  let plane: TestControlPlane;
  beforeAll(async () => {
    plane = await TestControlPlane.start();
  });

  const draft = (fields: object) => ({
    name: 'fresh',
    title: 'Fresh',
    kind: 'openai',
    baseUrl: 'https://api.example.com/v1',
    ...fields,
  });

  it('registers a provider and audits it with the reference of its secret', async () => {
    const provider = await seedProvider(plane, 'registered');
    expect(provider).toMatchObject({
      name: 'registered',
      secretRef: 'env://ACME_API_KEY',
      enabled: true,
      deploymentCount: 0,
      version: 1,
      createdBy: 'user:default/root',
    });
    expect(await plane.audit(provider.id)).toMatchObject([
      {
        action: 'provider.create',
        changes: { after: { secretRef: 'env://ACME_API_KEY' } },
      },
    ]);
  });

  it('keeps what only some kinds need, and refuses it of the others', async () => {
    const settings = {
      apiVersion: '2024-10-21',
      auth: 'managed-identity' as const,
    };
    const created = await plane.call('admin', endpoints.createProvider, {
      body: draft({ name: 'azure', kind: 'azure-openai', settings }),
    });
    expect(created.body).toMatchObject({ kind: 'azure-openai', settings });
    const change = (body: object) =>
      plane.call('admin', endpoints.updateProvider, {
        params: { providerId: created.body.id },
        body: { version: 1, ...body },
      });
    expect((await change({ kind: 'anthropic' })).body.error.fields).toEqual([
      { path: 'settings.apiVersion', message: 'Only Azure OpenAI has this' },
    ]);
    expect(
      (await change({ settings: { apiVersion: 'latest' } })).body.error
        .fields?.[0].path,
    ).toBe('settings.apiVersion');
    expect(
      (await change({ settings: { colour: 'red' } })).body.error.fields,
    ).toHaveLength(1);
    expect(
      (await change({ kind: 'anthropic', settings: { thinking: 'budget' } }))
        .body,
    ).toMatchObject({ kind: 'anthropic', settings: { thinking: 'budget' } });
  });

  it('refuses a second one of the same name', async () => {
    await seedProvider(plane, 'twice');
    const { status, body } = await plane.call(
      'admin',
      endpoints.createProvider,
      { body: draft({ name: 'twice' }) },
    );
    expect(status).toBe(409);
    expect(body.error.fields).toEqual([
      { path: 'name', message: "There is a provider 'twice' already" },
    ]);
  });

  it.each([
    ['baseUrl', 'http://169.254.169.254/v1'],
    ['baseUrl', 'http://[fe80::1]/v1'],
    ['baseUrl', 'http://[::ffff:169.254.169.254]/v1'],
    ['baseUrl', 'http://metadata.google.internal/v1'],
    ['baseUrl', 'ftp://example.com'],
    ['baseUrl', 'https://user:pw@example.com/v1'],
    ['baseUrl', 'https://example.com/v1?key=1'],
    ['baseUrl', 'not a url'],
    ['secretRef', 'env://DATABASE_PASSWORD'],
    ['secretRef', 'sk-12345'],
  ])('refuses %s %s, on creation and on change', async (path, value) => {
    const created = await plane.call('admin', endpoints.createProvider, {
      body: draft({ [path]: value }),
    });
    expect(created.status).toBe(400);
    expect(created.body.error.fields?.[0].path).toBe(path);

    const { id } = await seedProvider(
      plane,
      `r-${Buffer.from(value).toString('hex').slice(-50)}`,
    );
    const changed = await plane.call('admin', endpoints.updateProvider, {
      params: { providerId: id },
      body: { version: 1, [path]: value },
    });
    expect(changed.status).toBe(400);
    expect(changed.body.error.fields?.[0].path).toBe(path);
  });

  it('refuses private addresses unless the operator allows them', async () => {
    const strict = await TestControlPlane.start({
      config: {
        aiGateway: {
          keys: {
            peppers: [{ version: 1, secretRef: 'env://TEST_KEY_PEPPER' }],
          },
        },
      },
    });
    const { status, body } = await strict.call(
      'admin',
      endpoints.createProvider,
      { body: draft({ baseUrl: 'http://10.0.0.1/v1' }) },
    );
    expect(status).toBe(400);
    expect(body.error.fields?.[0].message).toContain('allowPrivateAddresses');
  });

  it('changes a provider, by its version', async () => {
    const { id } = await seedProvider(plane, 'changing');
    const changed = await plane.ok('admin', endpoints.updateProvider, {
      params: { providerId: id },
      body: { version: 1, title: 'Changed', secretRef: null },
    });
    expect(changed).toMatchObject({
      title: 'Changed',
      secretRef: null,
      version: 2,
    });
    const stale = await plane.call('admin', endpoints.updateProvider, {
      params: { providerId: id },
      body: { version: 1, title: 'Stale' },
    });
    expect(stale.status).toBe(409);
  });

  it('deletes a provider without deployments, and refuses one that has some', async () => {
    const { id } = await seedProvider(plane, 'leaving');
    await seedModel(plane, 'of-leaving');
    const deployment = await plane.ok('admin', endpoints.createDeployment, {
      body: { modelId: 'of-leaving', providerId: id, upstreamModel: 'u' },
    });
    const refused = await plane.call('admin', endpoints.deleteProvider, {
      params: { providerId: id },
    });
    expect(refused.status).toBe(409);
    expect(refused.body.error.message).toContain('has a deployment');

    await plane.ok('admin', endpoints.deleteDeployment, {
      params: { deploymentId: deployment.id },
    });
    await plane.ok('admin', endpoints.deleteProvider, {
      params: { providerId: id },
    });
    expect((await plane.audit(id)).map(event => event.action)).toEqual([
      'provider.create',
      'provider.delete',
    ]);
  });

  it('tries a saved connection', async () => {
    const upstream = await startOpenAiServer();
    try {
      const provider = await plane.ok('admin', endpoints.createProvider, {
        body: {
          name: 'reachable',
          title: 'Reachable',
          kind: 'openai-compatible',
          baseUrl: upstream.url,
        },
      });
      const result = await plane.ok('admin', endpoints.testProvider, {
        params: { providerId: provider.id },
      });
      expect(result).toMatchObject({
        ok: true,
        models: ['gpt-4o', 'gpt-4o-mini'],
        failure: null,
      });
    } finally {
      await upstream.close();
    }
  });

  it('says of a draft at a refused address that it is refused, and does not connect', async () => {
    const result = await plane.ok('admin', endpoints.testProviderDraft, {
      body: { kind: 'openai', baseUrl: 'http://169.254.169.254/latest' },
    });
    expect(result).toMatchObject({ ok: false, failure: 'address_refused' });
  });
});
