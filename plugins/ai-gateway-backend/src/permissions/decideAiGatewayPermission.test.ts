import {
  AuthorizeResult,
  createPermission,
} from '@backstage/plugin-permission-common';
import {
  aiGatewayPermissions,
  apiKeyReadPermission,
  limitReadPermission,
  projectReadPermission,
} from '@ai-gateway/backstage-plugin-ai-gateway-common';
import { decideAiGatewayPermission } from './decideAiGatewayPermission';

const engineer = {
  isAdmin: false,
  userEntityRef: 'user:default/alice',
  ownershipEntityRefs: ['user:default/alice', 'group:default/payments'],
};

describe('decideAiGatewayPermission', () => {
  it('leaves what is not of this plugin to the portal, for admins too', () => {
    const permission = createPermission({
      name: 'catalog.entity.read',
      attributes: { action: 'read' },
    });
    for (const isAdmin of [false, true]) {
      expect(
        decideAiGatewayPermission({ permission }, { ...engineer, isAdmin }),
      ).toBeUndefined();
    }
  });

  it('allows an admin everything', () => {
    for (const permission of aiGatewayPermissions) {
      expect(
        decideAiGatewayPermission(
          { permission },
          { ...engineer, isAdmin: true },
        ),
      ).toEqual({ result: AuthorizeResult.ALLOW });
    }
  });

  it('decides every permission for an engineer', () => {
    expect(
      Object.fromEntries(
        aiGatewayPermissions.map(permission => [
          permission.name,
          decideAiGatewayPermission({ permission }, engineer)?.result,
        ]),
      ),
    ).toEqual({
      'ai-gateway.model.read': 'ALLOW',
      'ai-gateway.model.manage': 'DENY',
      'ai-gateway.provider.manage': 'DENY',
      'ai-gateway.project.read': 'CONDITIONAL',
      'ai-gateway.project.manage': 'DENY',
      'ai-gateway.usage.read': 'CONDITIONAL',
      'ai-gateway.api-key.create': 'CONDITIONAL',
      'ai-gateway.api-key.read': 'CONDITIONAL',
      'ai-gateway.api-key.revoke': 'CONDITIONAL',
      'ai-gateway.limit.read': 'CONDITIONAL',
      'ai-gateway.limit.manage': 'DENY',
      'ai-gateway.budget.read': 'CONDITIONAL',
      'ai-gateway.budget.manage': 'DENY',
      'ai-gateway.policy.read': 'CONDITIONAL',
      'ai-gateway.policy.manage': 'DENY',
      'ai-gateway.gateway.read': 'DENY',
    });
  });

  it('binds projects to the groups of the user, and keys to the user or these groups', () => {
    expect(
      decideAiGatewayPermission(
        { permission: projectReadPermission },
        engineer,
      ),
    ).toMatchObject({
      pluginId: 'ai-gateway',
      resourceType: 'ai-gateway-project',
      conditions: {
        rule: 'IS_PROJECT_MEMBER',
        params: { ownerRefs: engineer.ownershipEntityRefs },
      },
    });
    expect(
      decideAiGatewayPermission({ permission: apiKeyReadPermission }, engineer),
    ).toMatchObject({
      conditions: {
        anyOf: [
          { rule: 'IS_KEY_OWNER', params: { userRef: 'user:default/alice' } },
          { rule: 'IS_KEY_OF_MEMBER_PROJECT' },
        ],
      },
    });
  });

  it('binds limits, budgets and policies to the user, to the projects of the groups, and to what is above these', () => {
    expect(
      decideAiGatewayPermission({ permission: limitReadPermission }, engineer),
    ).toMatchObject({
      resourceType: 'ai-gateway-subject',
      conditions: {
        anyOf: [
          {
            rule: 'IS_OWN_SUBJECT',
            params: { userRef: 'user:default/alice' },
          },
          {
            rule: 'IS_SUBJECT_OF_MEMBER_PROJECT',
            params: { ownerRefs: engineer.ownershipEntityRefs },
          },
          { rule: 'IS_SUBJECT_ABOVE_MEMBER_PROJECT' },
        ],
      },
    });
  });
});
