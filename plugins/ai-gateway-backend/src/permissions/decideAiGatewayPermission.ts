import {
  AuthorizeResult,
  isPermission,
  isResourcePermission,
  type PolicyDecision,
} from '@backstage/plugin-permission-common';
import type { PolicyQuery } from '@backstage/plugin-permission-node';
import {
  aiGatewayPermissions,
  apiKeyCreatePermission,
  apiKeyReadPermission,
  apiKeyRevokePermission,
  budgetReadPermission,
  limitReadPermission,
  modelReadPermission,
  policyReadPermission,
  projectReadPermission,
  RESOURCE_TYPE_API_KEY,
  RESOURCE_TYPE_PROJECT,
  RESOURCE_TYPE_SUBJECT,
  usageReadPermission,
} from '@ai-gateway/backstage-plugin-ai-gateway-common';
import {
  aiGatewayApiKeyConditions,
  aiGatewayProjectConditions,
  aiGatewaySubjectConditions,
  createAiGatewayApiKeyConditionalDecision,
  createAiGatewayProjectConditionalDecision,
  createAiGatewaySubjectConditionalDecision,
} from './rules';

/** Who asks, as far as the decision depends on it. @public */
export interface AiGatewayPolicyUser {
  /** Whether the user is a platform admin: which group that is, the policy says. */
  readonly isAdmin: boolean;
  readonly userEntityRef: string;
  /** The user and the groups that the user belongs to. */
  readonly ownershipEntityRefs: readonly string[];
}

const NAMES: ReadonlySet<string> = new Set(
  aiGatewayPermissions.map(permission => permission.name),
);
const OF_MEMBERS = [
  projectReadPermission,
  usageReadPermission,
  apiKeyCreatePermission,
];
const OF_THE_CONCERNED = [
  limitReadPermission,
  budgetReadPermission,
  policyReadPermission,
];
const OF_KEY_OWNERS = [apiKeyReadPermission, apiKeyRevokePermission];

/**
 * A policy for the permissions of this plugin, to be called from a portal's own permission policy.
 *
 * Admins may do everything. Everybody else sees published models, and the projects, keys and usage of their own groups; creates keys in
 * these projects; sees and revokes the keys that are their own, wherever they are; and sees the limits, budgets and policies that concern
 * any of these: those of the projects and keys themselves, of the user, and of the business units and the organisation above the projects.
 *
 * @returns `undefined` for a permission that is not of this plugin, so that the portal's policy goes on
 * @public
 */
export function decideAiGatewayPermission(
  request: PolicyQuery,
  user: AiGatewayPolicyUser,
): PolicyDecision | undefined {
  const { permission } = request;
  if (!NAMES.has(permission.name)) return undefined;
  if (user.isAdmin || isPermission(permission, modelReadPermission)) {
    return { result: AuthorizeResult.ALLOW };
  }
  const ownerRefs = [...user.ownershipEntityRefs];
  if (
    isResourcePermission(permission, RESOURCE_TYPE_PROJECT) &&
    OF_MEMBERS.some(one => isPermission(permission, one))
  ) {
    return createAiGatewayProjectConditionalDecision(
      permission,
      aiGatewayProjectConditions.isProjectMember({ ownerRefs }),
    );
  }
  if (
    isResourcePermission(permission, RESOURCE_TYPE_API_KEY) &&
    OF_KEY_OWNERS.some(one => isPermission(permission, one))
  ) {
    return createAiGatewayApiKeyConditionalDecision(permission, {
      anyOf: [
        aiGatewayApiKeyConditions.isKeyOwner({ userRef: user.userEntityRef }),
        aiGatewayApiKeyConditions.isKeyOfMemberProject({ ownerRefs }),
      ],
    });
  }
  if (
    isResourcePermission(permission, RESOURCE_TYPE_SUBJECT) &&
    OF_THE_CONCERNED.some(one => isPermission(permission, one))
  ) {
    return createAiGatewaySubjectConditionalDecision(permission, {
      anyOf: [
        aiGatewaySubjectConditions.isOwnSubject({
          userRef: user.userEntityRef,
        }),
        aiGatewaySubjectConditions.isSubjectOfMemberProject({ ownerRefs }),
        aiGatewaySubjectConditions.isSubjectAboveMemberProject({ ownerRefs }),
      ],
    });
  }
  return { result: AuthorizeResult.DENY };
}
