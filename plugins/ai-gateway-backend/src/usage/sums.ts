import { TOKEN_CLASSES } from '@ai-gateway/backstage-plugin-ai-gateway-common';
import { NO_TOKENS } from '@ai-gateway/backstage-plugin-ai-gateway-node';
import type { UsageSums } from '../database/usage/UsageStore';

/** No usage at all. */
export const NO_USAGE: UsageSums = Object.freeze({
  requests: 0,
  errors: 0,
  tokens: NO_TOKENS,
  costNanoUsd: 0n,
  latencyMsSum: 0,
  timeToFirstTokenMsSum: 0,
  timeToFirstTokenCount: 0,
});

/** The sums over both. */
export function addSums(a: UsageSums, b: UsageSums): UsageSums {
  const tokens = { ...a.tokens };
  for (const tokenClass of TOKEN_CLASSES) {
    tokens[tokenClass] += b.tokens[tokenClass];
  }
  return {
    requests: a.requests + b.requests,
    errors: a.errors + b.errors,
    tokens,
    costNanoUsd: a.costNanoUsd + b.costNanoUsd,
    latencyMsSum: a.latencyMsSum + b.latencyMsSum,
    timeToFirstTokenMsSum: a.timeToFirstTokenMsSum + b.timeToFirstTokenMsSum,
    timeToFirstTokenCount: a.timeToFirstTokenCount + b.timeToFirstTokenCount,
  };
}
