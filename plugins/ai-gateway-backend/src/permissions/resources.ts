import { createPermissionResourceRef } from '@backstage/plugin-permission-node';
import {
  RESOURCE_TYPE_API_KEY,
  RESOURCE_TYPE_PROJECT,
  RESOURCE_TYPE_SUBJECT,
  type ApiKeyOwner,
} from '@ai-gateway/backstage-plugin-ai-gateway-common';

/** What rules know of a project. @public */
export interface ProjectResource {
  readonly ownerRef: string;
}

/** Projects that one of some groups owns. @public */
export interface ProjectFilter {
  readonly ownerRefs: readonly string[];
}

/** What rules know of an API key. @public */
export interface ApiKeyResource {
  readonly owner: ApiKeyOwner;
  readonly projectOwnerRef: string;
}

/** Keys of one user, or keys of projects that one of some groups owns. @public */
export type ApiKeyFilter =
  | { readonly kind: 'user'; readonly userRef: string }
  | { readonly kind: 'memberProject'; readonly ownerRefs: readonly string[] };

/** What rules know of a subject of limits, budgets and policies. @public */
export interface SubjectResource {
  /** Whose own it is: the user, or the user whose key it is; `null` when it is nobody's own. */
  readonly userRef: string | null;
  /** Owners of the project that it is or belongs to; of an app, those of all projects in which it has keys. */
  readonly memberOwnerRefs: readonly string[];
  /** Owners of the projects that are below it; empty unless it is a business unit or the organisation. */
  readonly belowOwnerRefs: readonly string[];
}

/** Subjects that are a user's own, of projects that one of some groups owns, or above such projects. @public */
export type SubjectFilter =
  | { readonly kind: 'own'; readonly userRef: string }
  | { readonly kind: 'memberProject'; readonly ownerRefs: readonly string[] }
  | {
      readonly kind: 'aboveMemberProject';
      readonly ownerRefs: readonly string[];
    };

/** Projects, for permission rules. @public */
export const projectResourceRef = createPermissionResourceRef<
  ProjectResource,
  ProjectFilter
>().with({ pluginId: 'ai-gateway', resourceType: RESOURCE_TYPE_PROJECT });

/** API keys, for permission rules. @public */
export const apiKeyResourceRef = createPermissionResourceRef<
  ApiKeyResource,
  ApiKeyFilter
>().with({ pluginId: 'ai-gateway', resourceType: RESOURCE_TYPE_API_KEY });

/** Subjects of limits, budgets and policies, for permission rules; their ids are `<kind>:<id>`. @public */
export const subjectResourceRef = createPermissionResourceRef<
  SubjectResource,
  SubjectFilter
>().with({ pluginId: 'ai-gateway', resourceType: RESOURCE_TYPE_SUBJECT });
