import {
  createConditionExports,
  createPermissionRule,
} from '@backstage/plugin-permission-node';
import { z } from 'zod';
import { apiKeyResourceRef, projectResourceRef } from './resources';

const ownerRefs = z
  .array(z.string())
  .describe('References of the groups that the caller belongs to');

/** A project that one of the caller's groups owns. @public */
export const isProjectMember = createPermissionRule({
  name: 'IS_PROJECT_MEMBER',
  description: 'Allow projects that one of the given groups owns',
  resourceRef: projectResourceRef,
  paramsSchema: z.object({ ownerRefs }),
  apply: (project, params) => params.ownerRefs.includes(project.ownerRef),
  toQuery: params => ({ ownerRefs: params.ownerRefs }),
});

/** A key that is the user's own. @public */
export const isKeyOwner = createPermissionRule({
  name: 'IS_KEY_OWNER',
  description: 'Allow API keys that are the own keys of the given user',
  resourceRef: apiKeyResourceRef,
  paramsSchema: z.object({
    userRef: z.string().describe('Reference of the user'),
  }),
  apply: ({ owner }, { userRef }) =>
    owner.kind === 'user' && owner.ref === userRef,
  toQuery: ({ userRef }) => ({ kind: 'user', userRef }),
});

/** A key of a project that one of the caller's groups owns. @public */
export const isKeyOfMemberProject = createPermissionRule({
  name: 'IS_KEY_OF_MEMBER_PROJECT',
  description: 'Allow API keys of projects that one of the given groups owns',
  resourceRef: apiKeyResourceRef,
  paramsSchema: z.object({ ownerRefs }),
  apply: (apiKey, params) => params.ownerRefs.includes(apiKey.projectOwnerRef),
  toQuery: params => ({ kind: 'memberProject', ownerRefs: params.ownerRefs }),
});

/** Rules of projects. */
export const projectRules = { isProjectMember };

/** Rules of API keys. */
export const apiKeyRules = { isKeyOwner, isKeyOfMemberProject };

const projectExports = createConditionExports({
  resourceRef: projectResourceRef,
  rules: projectRules,
});
const apiKeyExports = createConditionExports({
  resourceRef: apiKeyResourceRef,
  rules: apiKeyRules,
});

/** Conditions on projects, for a permission policy. @public */
export const aiGatewayProjectConditions = projectExports.conditions;

/** Makes a conditional decision on projects, for a permission policy. @public */
export const createAiGatewayProjectConditionalDecision =
  projectExports.createConditionalDecision;

/** Conditions on API keys, for a permission policy. @public */
export const aiGatewayApiKeyConditions = apiKeyExports.conditions;

/** Makes a conditional decision on API keys, for a permission policy. @public */
export const createAiGatewayApiKeyConditionalDecision =
  apiKeyExports.createConditionalDecision;
