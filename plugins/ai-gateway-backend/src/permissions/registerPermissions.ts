import type { PermissionsRegistryService } from '@backstage/backend-plugin-api';
import {
  aiGatewayPermissions,
  RESOURCE_TYPE_API_KEY,
  RESOURCE_TYPE_PROJECT,
  RESOURCE_TYPE_SUBJECT,
  subjectSchema,
  type Subject,
} from '@ai-gateway/backstage-plugin-ai-gateway-common';
import { isResourcePermission } from '@backstage/plugin-permission-common';
import type { Stores } from '../database/Stores';
import {
  apiKeyResourceRef,
  projectResourceRef,
  subjectResourceRef,
} from './resources';
import { apiKeyRules, projectRules, subjectRules } from './rules';

/** Tells the permission backend of the plugin's permissions, rules and resources. */
export function registerPermissions(
  registry: PermissionsRegistryService,
  stores: Pick<Stores, 'projects' | 'apiKeys' | 'subjects'>,
): void {
  registry.addPermissions(
    aiGatewayPermissions.filter(
      permission => !isResourcePermission(permission),
    ),
  );
  registry.addResourceType({
    resourceRef: projectResourceRef,
    permissions: aiGatewayPermissions.filter(permission =>
      isResourcePermission(permission, RESOURCE_TYPE_PROJECT),
    ),
    rules: Object.values(projectRules),
    getResources: async ids =>
      (await stores.projects.owners(ids)).map(ownerRef =>
        ownerRef === undefined ? undefined : { ownerRef },
      ),
  });
  registry.addResourceType({
    resourceRef: apiKeyResourceRef,
    permissions: aiGatewayPermissions.filter(permission =>
      isResourcePermission(permission, RESOURCE_TYPE_API_KEY),
    ),
    rules: Object.values(apiKeyRules),
    getResources: ids => stores.apiKeys.resources(ids),
  });
  registry.addResourceType({
    resourceRef: subjectResourceRef,
    permissions: aiGatewayPermissions.filter(permission =>
      isResourcePermission(permission, RESOURCE_TYPE_SUBJECT),
    ),
    rules: Object.values(subjectRules),
    getResources: ids =>
      Promise.all(
        ids.map(async id => {
          const subject = subjectNamed(id);
          return subject && stores.subjects.resource(subject);
        }),
      ),
  });
}

function subjectNamed(name: string): Subject | undefined {
  const [kind, ...rest] = name.split(':');
  return subjectSchema.safeParse({ kind, id: rest.join(':') }).data;
}
