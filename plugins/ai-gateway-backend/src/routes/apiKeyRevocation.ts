import {
  apiKeyReadPermission,
  endpoints,
  gatewayReadPermission,
} from '@ai-gateway/backstage-plugin-ai-gateway-common';
import type { EndpointRouter } from '../http/EndpointRouter';
import { refusal, type Authorizer } from '../permissions/Authorizer';
import { renderRevocation } from '../render/renderRevocation';
import type { ApiKeyRevocationService } from '../services/ApiKeyRevocationService';
import type { ApiKeyService } from '../services/ApiKeyService';

/** Mounts the route of the proof of a revocation. */
export function mountApiKeyRevocation(
  router: EndpointRouter,
  {
    authorizer,
    apiKeys,
    revocations,
  }: {
    authorizer: Authorizer;
    apiKeys: ApiKeyService;
    revocations: ApiKeyRevocationService;
  },
): void {
  router.mount(endpoints.getApiKeyRevocation, async ({ caller, params }) => {
    const [[read], [readsGateways]] = await Promise.all([
      authorizer.findApiKeyScopes(caller, [apiKeyReadPermission]),
      authorizer.may(caller, [gatewayReadPermission]),
    ]);
    if (!read) throw refusal(apiKeyReadPermission.name);
    const apiKey = await apiKeys.get(params.apiKeyId, {
      read,
      revoke: undefined,
    });
    return renderRevocation(await revocations.of(apiKey), readsGateways);
  });
}
