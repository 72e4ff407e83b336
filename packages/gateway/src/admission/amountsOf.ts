import { TOKEN_CLASSES } from '@ai-gateway/backstage-plugin-ai-gateway-common';
import {
  MAX_AMOUNT,
  type TokenUsage,
  type UsageEvent,
} from '@ai-gateway/backstage-plugin-ai-gateway-node';

/** What the attempts of one request came to. */
export interface UsedAmounts {
  readonly requests: number;
  /** What quotas of requests take that the ledger can tell of: it has a row for each. */
  readonly attempts: number;
  readonly tokens: number;
  /** In nano-dollars. */
  readonly money: number;
}

/**
 * Sums attempts up, as the ledger does: all classes of tokens are tokens. For rates the request is one, however often it was tried; for what
 * the ledger tells of, as many as there were attempts.
 */
export function amountsOf(events: readonly UsageEvent[]): UsedAmounts {
  let tokens = 0;
  let money = 0n;
  for (const event of events) {
    tokens += tokensOf(event.tokens);
    money += event.costNanoUsd;
  }
  return {
    requests: 1,
    attempts: events.length,
    tokens: Math.min(tokens, MAX_AMOUNT),
    money: Number(money > BigInt(MAX_AMOUNT) ? MAX_AMOUNT : money),
  };
}

function tokensOf(usage: TokenUsage): number {
  let sum = 0;
  for (const tokenClass of TOKEN_CLASSES) sum += usage[tokenClass];
  return sum;
}
