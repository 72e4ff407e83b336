import { createPermission } from '@backstage/plugin-permission-common';

/** Resource type of a project in permission conditions. @public */
export const RESOURCE_TYPE_PROJECT = 'ai-gateway-project';

/** Resource type of an API key in permission conditions. @public */
export const RESOURCE_TYPE_API_KEY = 'ai-gateway-api-key';

/** Resource type, in permission conditions, of what a limit, a budget or a policy is put on: its id is `<kind>:<id>`. @public */
export const RESOURCE_TYPE_SUBJECT = 'ai-gateway-subject';

/** See published models, their prices and how to call them. @public */
export const modelReadPermission = createPermission({
  name: 'ai-gateway.model.read',
  attributes: { action: 'read' },
});

/** Create, change, publish and price models, and see unpublished ones. @public */
export const modelManagePermission = createPermission({
  name: 'ai-gateway.model.manage',
  attributes: { action: 'update' },
});

/** Register, change and test providers. @public */
export const providerManagePermission = createPermission({
  name: 'ai-gateway.provider.manage',
  attributes: { action: 'update' },
});

/** See a project. @public */
export const projectReadPermission = createPermission({
  name: 'ai-gateway.project.read',
  attributes: { action: 'read' },
  resourceType: RESOURCE_TYPE_PROJECT,
});

/** Create and change projects. @public */
export const projectManagePermission = createPermission({
  name: 'ai-gateway.project.manage',
  attributes: { action: 'update' },
});

/** See the usage and the cost of a project. @public */
export const usageReadPermission = createPermission({
  name: 'ai-gateway.usage.read',
  attributes: { action: 'read' },
  resourceType: RESOURCE_TYPE_PROJECT,
});

/** Create an API key that a project pays for. @public */
export const apiKeyCreatePermission = createPermission({
  name: 'ai-gateway.api-key.create',
  attributes: { action: 'create' },
  resourceType: RESOURCE_TYPE_PROJECT,
});

/** See an API key (never its secret). @public */
export const apiKeyReadPermission = createPermission({
  name: 'ai-gateway.api-key.read',
  attributes: { action: 'read' },
  resourceType: RESOURCE_TYPE_API_KEY,
});

/** Revoke an API key. @public */
export const apiKeyRevokePermission = createPermission({
  name: 'ai-gateway.api-key.revoke',
  attributes: { action: 'delete' },
  resourceType: RESOURCE_TYPE_API_KEY,
});

/** See the limits of a subject. @public */
export const limitReadPermission = createPermission({
  name: 'ai-gateway.limit.read',
  attributes: { action: 'read' },
  resourceType: RESOURCE_TYPE_SUBJECT,
});

/** Set, change and remove limits. @public */
export const limitManagePermission = createPermission({
  name: 'ai-gateway.limit.manage',
  attributes: { action: 'update' },
});

/** See the budgets of a subject and what is spent of them. @public */
export const budgetReadPermission = createPermission({
  name: 'ai-gateway.budget.read',
  attributes: { action: 'read' },
  resourceType: RESOURCE_TYPE_SUBJECT,
});

/** Set, change and remove budgets. @public */
export const budgetManagePermission = createPermission({
  name: 'ai-gateway.budget.manage',
  attributes: { action: 'update' },
});

/** See the policies of a subject. @public */
export const policyReadPermission = createPermission({
  name: 'ai-gateway.policy.read',
  attributes: { action: 'read' },
  resourceType: RESOURCE_TYPE_SUBJECT,
});

/** Set, change and remove policies. @public */
export const policyManagePermission = createPermission({
  name: 'ai-gateway.policy.manage',
  attributes: { action: 'update' },
});

/** See the gateways that serve, and which configuration each runs. @public */
export const gatewayReadPermission = createPermission({
  name: 'ai-gateway.gateway.read',
  attributes: { action: 'read' },
});

/** Every permission of the plugin, for registration and for tests of who may do what. @public */
export const aiGatewayPermissions = [
  modelReadPermission,
  modelManagePermission,
  providerManagePermission,
  projectReadPermission,
  projectManagePermission,
  usageReadPermission,
  apiKeyCreatePermission,
  apiKeyReadPermission,
  apiKeyRevokePermission,
  limitReadPermission,
  limitManagePermission,
  budgetReadPermission,
  budgetManagePermission,
  policyReadPermission,
  policyManagePermission,
  gatewayReadPermission,
] as const;
