import {
  createConditionExports,
  createPermissionRule,
} from '@backstage/plugin-permission-node';
import { z } from 'zod';
import {
  apiKeyResourceRef,
  projectResourceRef,
  subjectResourceRef,
} from './resources';

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

/** A user that is the caller, or the caller's own key. @public */
export const isOwnSubject = createPermissionRule({
  name: 'IS_OWN_SUBJECT',
  description:
    'Allow what is set on the given user and on the own keys of that user',
  resourceRef: subjectResourceRef,
  paramsSchema: z.object({
    userRef: z.string().describe('Reference of the user'),
  }),
  apply: (subject, { userRef }) => subject.userRef === userRef,
  toQuery: ({ userRef }) => ({ kind: 'own', userRef }),
});

/** A project that one of the caller's groups owns, or a subscription, a key or an app of it. @public */
export const isSubjectOfMemberProject = createPermissionRule({
  name: 'IS_SUBJECT_OF_MEMBER_PROJECT',
  description:
    'Allow what is set on projects that one of the given groups owns, and on their subscriptions, keys and apps',
  resourceRef: subjectResourceRef,
  paramsSchema: z.object({ ownerRefs }),
  apply: (subject, params) =>
    subject.memberOwnerRefs.some(ref => params.ownerRefs.includes(ref)),
  toQuery: params => ({ kind: 'memberProject', ownerRefs: params.ownerRefs }),
});

/** The business unit or the organisation of a project that one of the caller's groups owns. @public */
export const isSubjectAboveMemberProject = createPermissionRule({
  name: 'IS_SUBJECT_ABOVE_MEMBER_PROJECT',
  description:
    'Allow what is set on the business unit and the organisation of projects that one of the given groups owns',
  resourceRef: subjectResourceRef,
  paramsSchema: z.object({ ownerRefs }),
  apply: (subject, params) =>
    subject.belowOwnerRefs.some(ref => params.ownerRefs.includes(ref)),
  toQuery: params => ({
    kind: 'aboveMemberProject',
    ownerRefs: params.ownerRefs,
  }),
});

/** Rules of projects. */
export const projectRules = { isProjectMember };

/** Rules of API keys. */
export const apiKeyRules = { isKeyOwner, isKeyOfMemberProject };

/** Rules of subjects. */
export const subjectRules = {
  isOwnSubject,
  isSubjectOfMemberProject,
  isSubjectAboveMemberProject,
};

const projectExports = createConditionExports({
  resourceRef: projectResourceRef,
  rules: projectRules,
});
const apiKeyExports = createConditionExports({
  resourceRef: apiKeyResourceRef,
  rules: apiKeyRules,
});

const subjectExports = createConditionExports({
  resourceRef: subjectResourceRef,
  rules: subjectRules,
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

/** Conditions on subjects of limits, budgets and policies, for a permission policy. @public */
export const aiGatewaySubjectConditions = subjectExports.conditions;

/** Makes a conditional decision on subjects of limits, budgets and policies, for a permission policy. @public */
export const createAiGatewaySubjectConditionalDecision =
  subjectExports.createConditionalDecision;
