import { createPermissionResourceRef } from '@backstage/plugin-permission-node';
import {
  RESOURCE_TYPE_API_KEY,
  RESOURCE_TYPE_PROJECT,
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
