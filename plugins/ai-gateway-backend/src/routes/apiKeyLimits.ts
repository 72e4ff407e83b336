import {
  apiKeyReadPermission,
  budgetReadPermission,
  endpoints,
  limitReadPermission,
  policyReadPermission,
} from '@ai-gateway/backstage-plugin-ai-gateway-common';
import type { EndpointRouter } from '../http/EndpointRouter';
import { refusal, type Authorizer } from '../permissions/Authorizer';
import { mergePolicies } from '../policies/mergePolicies';
import { renderBudget } from '../render/renderBudget';
import { renderLimit } from '../render/renderLimit';
import { renderPolicy } from '../render/renderPolicy';
import type { ApiKeyLimitsService } from '../services/ApiKeyLimitsService';
import type { ApiKeyService } from '../services/ApiKeyService';

/** Mounts the route of what holds for a key. */
export function mountApiKeyLimits(
  router: EndpointRouter,
  {
    authorizer,
    apiKeys,
    apiKeyLimits,
  }: {
    authorizer: Authorizer;
    apiKeys: ApiKeyService;
    apiKeyLimits: ApiKeyLimitsService;
  },
): void {
  router.mount(endpoints.getApiKeyLimits, async ({ caller, params }) => {
    const [[read], [limits, budgets, policies]] = await Promise.all([
      authorizer.findApiKeyScopes(caller, [apiKeyReadPermission]),
      authorizer.findSubjectScopes(caller, [
        limitReadPermission,
        budgetReadPermission,
        policyReadPermission,
      ]),
    ]);
    if (!read) throw refusal(apiKeyReadPermission.name);
    const apiKey = await apiKeys.get(params.apiKeyId, {
      read,
      revoke: undefined,
    });
    const holding = await apiKeyLimits.of(apiKey, {
      limits,
      budgets,
      policies,
    });
    return {
      apiKeyId: apiKey.id,
      limits: holding.limits.map(renderLimit),
      budgets: holding.budgets.map(renderBudget),
      policies: holding.policies.map(renderPolicy),
      policy: mergePolicies(holding.policies),
    };
  });
}
