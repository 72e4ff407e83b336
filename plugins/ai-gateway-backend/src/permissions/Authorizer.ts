import type {
  PermissionsRegistryService,
  PermissionsService,
} from '@backstage/backend-plugin-api';
import { NotAllowedError } from '@backstage/errors';
import {
  AuthorizeResult,
  type BasicPermission,
  type PermissionCondition,
  type PermissionCriteria,
  type ResourcePermission,
} from '@backstage/plugin-permission-common';
import { createConditionTransformer } from '@backstage/plugin-permission-node';
import type { Caller } from '../http/Caller';
import {
  apiKeyResourceRef,
  projectResourceRef,
  subjectResourceRef,
  type ApiKeyFilter,
  type ProjectFilter,
  type SubjectFilter,
} from './resources';
import type { Scope } from './Scope';
import {
  RESOURCE_TYPE_API_KEY,
  RESOURCE_TYPE_PROJECT,
  RESOURCE_TYPE_SUBJECT,
} from '@ai-gateway/backstage-plugin-ai-gateway-common';

type ProjectPermission = ResourcePermission<typeof RESOURCE_TYPE_PROJECT>;
type SubjectPermission = ResourcePermission<typeof RESOURCE_TYPE_SUBJECT>;
type ApiKeyPermission = ResourcePermission<typeof RESOURCE_TYPE_API_KEY>;
type Transform<TFilter> = (
  conditions: PermissionCriteria<PermissionCondition>,
) => PermissionCriteria<TFilter>;

/**
 * Asks Backstage's permission service what a caller may do.
 *
 * For things that belong to a team the answer is a {@link Scope}, which the stores put into their queries: a thing out of reach is then not
 * found at all, exactly as one that does not exist.
 */
export class Authorizer {
  readonly #permissions: PermissionsService;
  readonly #projectFilter: Transform<ProjectFilter>;
  readonly #apiKeyFilter: Transform<ApiKeyFilter>;
  readonly #subjectFilter: Transform<SubjectFilter>;

  static create(options: {
    permissions: PermissionsService;
    permissionsRegistry: PermissionsRegistryService;
  }): Authorizer {
    return new Authorizer(options.permissions, options.permissionsRegistry);
  }

  private constructor(
    permissions: PermissionsService,
    registry: PermissionsRegistryService,
  ) {
    this.#permissions = permissions;
    this.#projectFilter = createConditionTransformer(
      registry.getPermissionRuleset(projectResourceRef),
    );
    this.#apiKeyFilter = createConditionTransformer(
      registry.getPermissionRuleset(apiKeyResourceRef),
    );
    this.#subjectFilter = createConditionTransformer(
      registry.getPermissionRuleset(subjectResourceRef),
    );
  }

  /** Which of some permissions the caller has, in their order. */
  async may(
    caller: Caller,
    permissions: readonly BasicPermission[],
  ): Promise<boolean[]> {
    const decisions = await this.#permissions.authorize(
      permissions.map(permission => ({ permission })),
      { credentials: caller.credentials },
    );
    return decisions.map(decision => decision.result === AuthorizeResult.ALLOW);
  }

  /** @throws NotAllowedError when the caller has not the permission */
  async require(caller: Caller, permission: BasicPermission): Promise<void> {
    const [allowed] = await this.may(caller, [permission]);
    if (!allowed) throw refusal(permission.name);
  }

  /** @throws NotAllowedError when there can be no project at all for which the caller has the permission */
  async projectScope(
    caller: Caller,
    permission: ProjectPermission,
  ): Promise<Scope<ProjectFilter>> {
    const scope = await this.findProjectScope(caller, permission);
    if (!scope) throw refusal(permission.name);
    return scope;
  }

  /** `undefined` when there can be no project at all for which the caller has the permission. */
  async findProjectScope(
    caller: Caller,
    permission: ProjectPermission,
  ): Promise<Scope<ProjectFilter> | undefined> {
    const [scope] = await this.#scopes(
      caller,
      [permission],
      this.#projectFilter,
    );
    return scope;
  }

  /**
   * Of some permissions on keys, asked in one go: which keys the caller has each for; `undefined` where there can be none at all.
   */
  async findApiKeyScopes(
    caller: Caller,
    permissions: readonly ApiKeyPermission[],
  ): Promise<Array<Scope<ApiKeyFilter> | undefined>> {
    return this.#scopes(caller, permissions, this.#apiKeyFilter);
  }

  /** @throws NotAllowedError when there can be no subject at all for which the caller has the permission */
  async subjectScope(
    caller: Caller,
    permission: SubjectPermission,
  ): Promise<Scope<SubjectFilter>> {
    const [scope] = await this.findSubjectScopes(caller, [permission]);
    if (!scope) throw refusal(permission.name);
    return scope;
  }

  /** Of some permissions on subjects: which subjects the caller has each for; `undefined` where there can be none at all. */
  async findSubjectScopes(
    caller: Caller,
    permissions: readonly SubjectPermission[],
  ): Promise<Array<Scope<SubjectFilter> | undefined>> {
    return this.#scopes(caller, permissions, this.#subjectFilter);
  }

  async #scopes<TFilter>(
    caller: Caller,
    permissions: readonly ResourcePermission[],
    transform: Transform<TFilter>,
  ): Promise<Array<Scope<TFilter> | undefined>> {
    const decisions = await this.#permissions.authorizeConditional(
      permissions.map(permission => ({ permission })),
      { credentials: caller.credentials },
    );
    return decisions.map(decision => {
      switch (decision.result) {
        case AuthorizeResult.ALLOW:
          return { kind: 'everything' };
        case AuthorizeResult.CONDITIONAL:
          return { kind: 'where', criteria: transform(decision.conditions) };
        default:
          return undefined;
      }
    });
  }
}

/** What to throw when a permission is missing. */
export function refusal(permissionName: string): NotAllowedError {
  return new NotAllowedError(
    `You may not do this: it takes the permission ${permissionName}. Ask those who run the portal.`,
  );
}
