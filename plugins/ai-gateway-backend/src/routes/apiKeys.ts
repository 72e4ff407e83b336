import {
  apiKeyCreatePermission,
  apiKeyReadPermission,
  apiKeyRevokePermission,
  endpoints,
  projectReadPermission,
} from '@ai-gateway/backstage-plugin-ai-gateway-common';
import type { ApiKeyScopes } from '../database/apiKeys/ApiKeyStore';
import type { Caller } from '../http/Caller';
import type { EndpointRouter } from '../http/EndpointRouter';
import { refusal, type Authorizer } from '../permissions/Authorizer';
import { renderApiKey } from '../render/renderApiKey';
import type { ApiKeyService } from '../services/ApiKeyService';
import type { MeService } from '../services/MeService';

/** Mounts the routes of API keys. */
export function mountApiKeys(
  router: EndpointRouter,
  {
    authorizer,
    apiKeys,
    me,
    clock,
  }: {
    authorizer: Authorizer;
    apiKeys: ApiKeyService;
    me: MeService;
    clock: () => number;
  },
): void {
  const scopesOf = async (caller: Caller): Promise<ApiKeyScopes> => {
    const [read, revoke] = await authorizer.findApiKeyScopes(caller, [
      apiKeyReadPermission,
      apiKeyRevokePermission,
    ]);
    if (!read) throw refusal(apiKeyReadPermission.name);
    return { read, revoke };
  };

  router.mount(endpoints.listApiKeys, async ({ caller, query }) => {
    const { items, totalCount } = await apiKeys.list(
      await scopesOf(caller),
      query,
    );
    const now = clock();
    return {
      items: items.map(apiKey => renderApiKey(apiKey, now)),
      totalCount,
    };
  });

  router.mount(endpoints.createApiKey, async ({ caller, headers, body }) => {
    const create = await authorizer.projectScope(
      caller,
      apiKeyCreatePermission,
    );
    const [read, [revoke], ownershipRefs] = await Promise.all([
      authorizer.findProjectScope(caller, projectReadPermission),
      authorizer.findApiKeyScopes(caller, [apiKeyRevokePermission]),
      create.kind === 'everything' ? null : me.ownershipRefs(caller),
    ]);
    const { apiKey, secret } = await apiKeys.create(
      { actor: caller.actor, create, read, revoke, ownershipRefs },
      body,
      headers['idempotency-key'],
    );
    return { apiKey: renderApiKey(apiKey, clock()), secret };
  });

  router.mount(endpoints.getApiKey, async ({ caller, params }) =>
    renderApiKey(
      await apiKeys.get(params.apiKeyId, await scopesOf(caller)),
      clock(),
    ),
  );

  router.mount(endpoints.revokeApiKey, async ({ caller, params }) =>
    renderApiKey(
      await apiKeys.revoke(
        caller.actor,
        params.apiKeyId,
        await scopesOf(caller),
      ),
      clock(),
    ),
  );
}
