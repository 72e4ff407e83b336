import {
  modelManagePermission,
  modelReadPermission,
} from '@ai-gateway/backstage-plugin-ai-gateway-common';
import { mockCredentials, mockServices } from '@backstage/backend-test-utils';
import { createPermission } from '@backstage/plugin-permission-common';
import { PortalPolicy } from './PortalPolicy';

async function decide(
  permission: Parameters<PortalPolicy['handle']>[0]['permission'],
  groups: string[] | undefined,
) {
  const userInfo = mockServices.userInfo.mock({
    getUserInfo: async () => ({
      userEntityRef: 'user:default/somebody',
      ownershipEntityRefs: ['user:default/somebody', ...(groups ?? [])],
    }),
  });
  const policy = PortalPolicy.create({
    adminRefs: ['group:default/platform'],
    userInfo,
  });
  const credentials = mockCredentials.user('user:default/somebody');
  const { result } = await policy.handle(
    { permission },
    groups && {
      credentials,
      info: await userInfo.getUserInfo(credentials),
    },
  );
  return result;
}

describe('PortalPolicy', () => {
  const unrelated = createPermission({ name: 'x.read', attributes: {} });

  it('lets the platform team manage models, and nobody else', async () => {
    expect(
      await decide(modelManagePermission, ['group:default/platform']),
    ).toBe('ALLOW');
    expect(
      await decide(modelManagePermission, ['group:default/payments']),
    ).toBe('DENY');
  });

  it('lets engineers see models, and what is not ours', async () => {
    expect(await decide(modelReadPermission, [])).toBe('ALLOW');
    expect(await decide(unrelated, [])).toBe('ALLOW');
  });

  it('lets nobody in who is not signed in', async () => {
    expect(await decide(modelReadPermission, undefined)).toBe('DENY');
    expect(await decide(unrelated, undefined)).toBe('DENY');
  });
});
