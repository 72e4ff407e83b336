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
  return combine(a, b, 1);
}

/** What is left of sums without a part of them. */
export function subtractSums(whole: UsageSums, part: UsageSums): UsageSums {
  return combine(whole, part, -1);
}

function combine(a: UsageSums, b: UsageSums, sign: 1 | -1): UsageSums {
  const tokens = { ...a.tokens };
  for (const tokenClass of TOKEN_CLASSES) {
    tokens[tokenClass] += sign * b.tokens[tokenClass];
  }
  return {
    requests: a.requests + sign * b.requests,
    errors: a.errors + sign * b.errors,
    tokens,
    costNanoUsd: a.costNanoUsd + BigInt(sign) * b.costNanoUsd,
    latencyMsSum: a.latencyMsSum + sign * b.latencyMsSum,
    timeToFirstTokenMsSum:
      a.timeToFirstTokenMsSum + sign * b.timeToFirstTokenMsSum,
    timeToFirstTokenCount:
      a.timeToFirstTokenCount + sign * b.timeToFirstTokenCount,
  };
}
