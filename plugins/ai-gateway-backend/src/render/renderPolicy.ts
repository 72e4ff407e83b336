import type { Policy } from '@ai-gateway/backstage-plugin-ai-gateway-common';
import type { PolicyRecord } from '../database/policies/PolicyStore';

/** A policy as the API writes it. */
export function renderPolicy(policy: PolicyRecord): Policy {
  return {
    ...policy,
    createdAt: policy.createdAt.toISOString(),
    updatedAt: policy.updatedAt.toISOString(),
  };
}
