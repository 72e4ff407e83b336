import { endpoints } from '@ai-gateway/backstage-plugin-ai-gateway-common';
import { seedProject } from '../__testUtils__/seed';
import { TestControlPlane } from '../__testUtils__/TestControlPlane';

describe('projects', () => {
  let plane: TestControlPlane;
  beforeEach(async () => {
    plane = await TestControlPlane.start();
  });

  it('shows each engineer the projects of their team, and an admin all', async () => {
    await seedProject(plane, 'checkout', 'payments');
    await seedProject(plane, 'ranking', 'search');
    const seenBy = async (person: 'alice' | 'bob' | 'admin' | 'service') => {
      const page = await plane.ok(person, endpoints.listProjects, {});
      expect(page.totalCount).toBe(page.items.length);
      return page.items.map(project => project.id);
    };
    expect(await seenBy('alice')).toEqual(['checkout']);
    expect(await seenBy('bob')).toEqual(['ranking']);
    expect(await seenBy('admin')).toEqual(['checkout', 'ranking']);
    expect(await seenBy('service')).toEqual(['checkout', 'ranking']);
  });

  it('creates a project for a group of the catalog', async () => {
    const project = await plane.ok('service', endpoints.createProject, {
      body: {
        id: 'checkout',
        title: 'Checkout',
        ownerRef: 'group:default/payments',
        businessUnit: 'Payments',
      },
    });
    expect(project).toMatchObject({
      type: 'internal',
      costCentre: null,
      createdBy: 'external:seed',
    });
    expect(await plane.audit('checkout')).toMatchObject([
      {
        actor_kind: 'service',
        actor_ref: 'external:seed',
        action: 'project.create',
        project_id: 'checkout',
      },
    ]);
  });

  it('refuses an owner that is not in the catalog, and names the field', async () => {
    const { status, body } = await plane.call(
      'admin',
      endpoints.createProject,
      {
        body: {
          id: 'checkout',
          title: 'Checkout',
          ownerRef: 'group:default/nobody',
          businessUnit: 'Payments',
        },
      },
    );
    expect(status).toBe(400);
    expect(body.error.fields).toEqual([
      {
        path: 'ownerRef',
        message: expect.stringContaining(
          'The catalog has no group:default/nobody',
        ),
      },
    ]);
  });

  it('refuses a second project of the same id', async () => {
    await seedProject(plane, 'checkout', 'payments');
    const { status, body } = await plane.call(
      'admin',
      endpoints.createProject,
      {
        body: {
          id: 'checkout',
          title: 'Other',
          ownerRef: 'group:default/search',
          businessUnit: 'x',
        },
      },
    );
    expect(status).toBe(409);
    expect(body.error.fields?.[0].path).toBe('id');
  });

  it('hands a project over to another team, with its keys', async () => {
    await seedProject(plane, 'checkout', 'payments');
    const { apiKey } = await plane.ok('alice', endpoints.createApiKey, {
      body: {
        label: 'x',
        projectId: 'checkout',
        owner: { kind: 'project' },
      },
    });
    await plane.ok('admin', endpoints.updateProject, {
      params: { projectId: 'checkout' },
      body: { version: 1, ownerRef: 'group:default/search' },
    });
    const keySeenBy = async (person: 'alice' | 'bob') =>
      (
        await plane.call(person, endpoints.getApiKey, {
          params: { apiKeyId: apiKey.id },
        })
      ).status;
    expect(await keySeenBy('alice')).toBe(404);
    expect(await keySeenBy('bob')).toBe(200);
  });

  it('has gateways read the keys of a project again when its business unit changes', async () => {
    await seedProject(plane, 'checkout', 'payments');
    const { apiKey } = await plane.ok('alice', endpoints.createApiKey, {
      body: { label: 'x', projectId: 'checkout' },
    });
    await plane.ok('admin', endpoints.updateProject, {
      params: { projectId: 'checkout' },
      body: { version: 1, businessUnit: 'Other' },
    });
    const row = await plane.db('api_keys').where({ id: apiKey.id }).first();
    expect(Number(row.revision)).toBe(await plane.revision());
  });

  it('refuses a change of an older version, and an owner that is not in the catalog', async () => {
    await seedProject(plane, 'checkout', 'payments');
    const change = (body: object) =>
      plane.call('admin', endpoints.updateProject, {
        params: { projectId: 'checkout' },
        body,
      });
    expect((await change({ version: 1, title: 'A' })).status).toBe(200);
    expect((await change({ version: 1, title: 'B' })).status).toBe(409);
    expect(
      (await change({ version: 2, ownerRef: 'group:default/nobody' })).status,
    ).toBe(400);
  });
});
