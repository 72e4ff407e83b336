import {
  coreServices,
  createBackendModule,
} from '@backstage/backend-plugin-api';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import { policyExtensionPoint } from '@backstage/plugin-permission-node/alpha';
import { decideAiGatewayPermission } from '../permissions';
import { ADMINS } from './people';

/** A portal's policy as this package's README has it: this plugin's part, and nothing else allowed. */
export const permissionPolicy = createBackendModule({
  pluginId: 'permission',
  moduleId: 'ai-gateway-test-policy',
  register(env) {
    env.registerInit({
      deps: { policy: policyExtensionPoint, userInfo: coreServices.userInfo },
      async init({ policy, userInfo }) {
        policy.setPolicy({
          async handle(request, user) {
            if (!user) return { result: AuthorizeResult.DENY };
            const { userEntityRef, ownershipEntityRefs } =
              await userInfo.getUserInfo(user.credentials);
            return (
              decideAiGatewayPermission(request, {
                isAdmin: ownershipEntityRefs.includes(ADMINS),
                userEntityRef,
                ownershipEntityRefs,
              }) ?? { result: AuthorizeResult.DENY }
            );
          },
        });
      },
    });
  },
});
