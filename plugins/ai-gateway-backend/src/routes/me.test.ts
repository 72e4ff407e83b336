import { endpoints } from '@ai-gateway/backstage-plugin-ai-gateway-common';
import { seedProject } from '../__testUtils__/seed';
import { TestControlPlane } from '../__testUtils__/TestControlPlane';

describe('me', () => {
  let plane: TestControlPlane;
  beforeAll(async () => {
    plane = await TestControlPlane.start();
    await seedProject(plane, 'checkout', 'payments');
    await seedProject(plane, 'ranking', 'search');
  });

  const nothing = {
    manageModels: false,
    manageProviders: false,
    manageProjects: false,
    manageLimits: false,
    manageBudgets: false,
    managePolicies: false,
    readGateways: false,
  };
  const everything = {
    manageModels: true,
    manageProviders: true,
    manageProjects: true,
    manageLimits: true,
    manageBudgets: true,
    managePolicies: true,
    readGateways: true,
  };

  it('tells an engineer the projects of their team, and where the gateway is', async () => {
    expect(await plane.ok('alice', endpoints.getMe, {})).toEqual({
      userRef: 'user:default/alice',
      ownershipRefs: ['user:default/alice', 'group:default/payments'],
      can: nothing,
      projects: [{ id: 'checkout', title: 'Project checkout' }],
      gatewayUrl: 'https://ai.example.com/v1',
    });
  });

  it('tells an admin that everything may be shown', async () => {
    const me = await plane.ok('admin', endpoints.getMe, {});
    expect(me.can).toEqual(everything);
    expect(me.projects).toHaveLength(2);
  });

  it('tells a service by its subject; it belongs to no group', async () => {
    const me = await plane.ok('service', endpoints.getMe, {});
    expect(me).toMatchObject({
      userRef: 'external:seed',
      ownershipRefs: [],
      can: everything,
    });
  });
});
