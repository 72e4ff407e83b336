import {
  defaultDegradedMode,
  isBudgetCounter,
  partOf,
} from '@ai-gateway/backstage-plugin-ai-gateway-node';
import type { ReserveEntry } from './Limiter';

/**
 * What a gateway that counts alone may admit of a limit; `null`: nothing.
 *
 * Rates and leases: the share of the limit. Budgets: what the ledger said was spent when the gateway began to count alone, and the share
 * of what was left then; so gateways that each take their share of what was left never take more than that together, provided that each
 * fraction is no more than one gateway's part.
 *
 * @param replicas - how many gateways share the limit
 * @param baseline - what the ledger said; `null`: it was not asked yet, and the counter will say that it needs to be
 */
export function degradedLimit(
  { counter, limit, whenDegraded }: ReserveEntry,
  replicas: number,
  baseline: number | null,
): number | null {
  const degraded = whenDegraded ?? defaultDegradedMode(counter);
  if (degraded.mode === 'deny') return null;
  const fraction =
    degraded.mode === 'cap' ? degraded.fraction : 1 / Math.max(1, replicas);
  if (!isBudgetCounter(counter)) return partOf(limit, fraction);
  if (baseline === null) return limit;
  return baseline >= limit
    ? limit
    : baseline + partOf(limit - baseline, fraction);
}
