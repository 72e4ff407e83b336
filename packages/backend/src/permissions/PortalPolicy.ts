import { decideAiGatewayPermission } from '@ai-gateway/backstage-plugin-ai-gateway-backend';
import type { UserInfoService } from '@backstage/backend-plugin-api';
import {
  AuthorizeResult,
  type PolicyDecision,
} from '@backstage/plugin-permission-common';
import type {
  PermissionPolicy,
  PolicyQuery,
  PolicyQueryUser,
} from '@backstage/plugin-permission-node';

/**
 * Who may do what in this portal: the AI gateway's own fragment decides its permissions, everything else is allowed to whoever is
 * signed in, as in a fresh Backstage.
 */
export class PortalPolicy implements PermissionPolicy {
  readonly #adminRefs: ReadonlySet<string>;
  readonly #userInfo: UserInfoService;

  /** @param options - `adminRefs`: users or groups who run the platform */
  static create(options: {
    adminRefs: readonly string[];
    userInfo: UserInfoService;
  }): PortalPolicy {
    return new PortalPolicy(options.adminRefs, options.userInfo);
  }

  private constructor(adminRefs: readonly string[], userInfo: UserInfoService) {
    this.#adminRefs = new Set(adminRefs);
    this.#userInfo = userInfo;
  }

  async handle(
    request: PolicyQuery,
    user?: PolicyQueryUser,
  ): Promise<PolicyDecision> {
    if (!user) return { result: AuthorizeResult.DENY };
    const { userEntityRef, ownershipEntityRefs } =
      await this.#userInfo.getUserInfo(user.credentials);
    return (
      decideAiGatewayPermission(request, {
        isAdmin: ownershipEntityRefs.some(ref => this.#adminRefs.has(ref)),
        userEntityRef,
        ownershipEntityRefs,
      }) ?? { result: AuthorizeResult.ALLOW }
    );
  }
}
