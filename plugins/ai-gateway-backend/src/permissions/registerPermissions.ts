import type { PermissionsRegistryService } from '@backstage/backend-plugin-api';
import {
  aiGatewayPermissions,
  RESOURCE_TYPE_API_KEY,
  RESOURCE_TYPE_PROJECT,
} from '@ai-gateway/backstage-plugin-ai-gateway-common';
import { isResourcePermission } from '@backstage/plugin-permission-common';
import type { Stores } from '../database/Stores';
import { apiKeyResourceRef, projectResourceRef } from './resources';
import { apiKeyRules, projectRules } from './rules';

/** Tells the permission backend of the plugin's permissions, rules and resources. */
export function registerPermissions(
  registry: PermissionsRegistryService,
  stores: Pick<Stores, 'projects' | 'apiKeys'>,
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
}
