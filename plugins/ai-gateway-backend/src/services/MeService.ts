import type {
  AuthService,
  UserInfoService,
} from '@backstage/backend-plugin-api';
import {
  apiKeyCreatePermission,
  budgetManagePermission,
  gatewayReadPermission,
  limitManagePermission,
  modelManagePermission,
  policyManagePermission,
  projectManagePermission,
  providerManagePermission,
  type Me,
} from '@ai-gateway/backstage-plugin-ai-gateway-common';
import type { Stores } from '../database/Stores';
import type { Caller } from '../http/Caller';
import type { Authorizer } from '../permissions/Authorizer';

/** More projects than anybody picks from a list. */
const MOST_PROJECTS = 500;

interface MeServiceOptions {
  readonly stores: Stores;
  readonly authorizer: Authorizer;
  readonly auth: AuthService;
  readonly userInfo: UserInfoService;
  readonly gatewayUrl: string;
}

/** Who is calling, and what they may do. */
export class MeService {
  readonly #options: MeServiceOptions;

  static create(options: MeServiceOptions): MeService {
    return new MeService(options);
  }

  private constructor(options: MeServiceOptions) {
    this.#options = options;
  }

  async describe(caller: Caller): Promise<Me> {
    const { stores, authorizer, gatewayUrl } = this.#options;
    const [
      ownershipRefs,
      [
        manageModels,
        manageProviders,
        manageProjects,
        manageLimits,
        manageBudgets,
        managePolicies,
        readGateways,
      ],
      scope,
    ] = await Promise.all([
      this.ownershipRefs(caller),
      authorizer.may(caller, [
        modelManagePermission,
        providerManagePermission,
        projectManagePermission,
        limitManagePermission,
        budgetManagePermission,
        policyManagePermission,
        gatewayReadPermission,
      ]),
      authorizer.findProjectScope(caller, apiKeyCreatePermission),
    ]);
    const projects = scope
      ? await stores.projects.list(scope, { limit: MOST_PROJECTS, offset: 0 })
      : { items: [] };
    return {
      userRef: caller.actor.ref,
      ownershipRefs,
      can: {
        manageModels,
        manageProviders,
        manageProjects,
        manageLimits,
        manageBudgets,
        managePolicies,
        readGateways,
      },
      projects: projects.items.map(({ id, title }) => ({ id, title })),
      gatewayUrl: `${gatewayUrl}/v1`,
    };
  }

  /** The caller and the groups that the caller belongs to; a service belongs to none. */
  async ownershipRefs({ credentials }: Caller): Promise<string[]> {
    const { auth, userInfo } = this.#options;
    if (!auth.isPrincipal(credentials, 'user')) return [];
    const { ownershipEntityRefs } = await userInfo.getUserInfo(credentials);
    return ownershipEntityRefs;
  }
}
