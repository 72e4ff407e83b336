import type { ApiKey } from '@ai-gateway/backstage-plugin-ai-gateway-common';
import type { ApiKeyRecord } from '../database/apiKeys/ApiKeyStore';

/**
 * A key as the API writes it.
 *
 * @param now - milliseconds since the epoch
 */
export function renderApiKey(apiKey: ApiKeyRecord, now: number): ApiKey {
  const state = stateOf(apiKey, now);
  return {
    id: apiKey.id,
    label: apiKey.label,
    lastFour: apiKey.lastFour,
    projectId: apiKey.projectId,
    owner: apiKey.owner,
    modelScope: apiKey.modelScope && [...apiKey.modelScope],
    state,
    createdAt: apiKey.createdAt.toISOString(),
    createdBy: apiKey.createdBy,
    expiresAt: apiKey.expiresAt?.toISOString() ?? null,
    revokedAt: apiKey.revokedAt?.toISOString() ?? null,
    revokedBy: apiKey.revokedBy,
    lastUsedAt: apiKey.lastUsedAt?.toISOString() ?? null,
    canRevoke: apiKey.revocable && state !== 'revoked',
  };
}

function stateOf(apiKey: ApiKeyRecord, now: number): ApiKey['state'] {
  if (apiKey.revokedAt) return 'revoked';
  return apiKey.expiresAt && apiKey.expiresAt.getTime() <= now
    ? 'expired'
    : 'active';
}
