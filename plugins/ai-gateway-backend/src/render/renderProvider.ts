import type { Provider } from '@ai-gateway/backstage-plugin-ai-gateway-common';
import type { ProviderRecord } from '../database/providers/ProviderStore';

/** A provider as the API writes it. */
export function renderProvider(provider: ProviderRecord): Provider {
  return {
    id: provider.id,
    name: provider.name,
    title: provider.title,
    kind: provider.kind,
    baseUrl: provider.baseUrl,
    secretRef: provider.secretRef,
    settings: provider.settings,
    enabled: provider.enabled,
    deploymentCount: provider.deploymentCount,
    version: provider.version,
    createdAt: provider.createdAt.toISOString(),
    createdBy: provider.createdBy,
    updatedAt: provider.updatedAt.toISOString(),
  };
}
