import type { TokenUsage } from '@ai-gateway/backstage-plugin-ai-gateway-node';

/**
 * Tokens by disjoint classes, those of the ledger, so that what is shown to a client and what is billed are one thing: `input` is without
 * what was read from or written to a cache, `output` is without `reasoning`.
 */
export type CanonicalUsage = TokenUsage;

/** No model has such a context: a provider that says so is not to be believed. */
const MAX_PLAUSIBLE_TOKENS = 100_000_000;

/** A count as it was reported; `undefined` when it is none. */
export function tokenCount(value: unknown): number | undefined {
  return typeof value === 'number' &&
    Number.isInteger(value) &&
    value >= 0 &&
    value <= MAX_PLAUSIBLE_TOKENS
    ? value
    : undefined;
}

/** How much of a whole a part of it is, as it was reported: a part larger than the whole is cut to it, and what is no count is nothing. */
export function partOf(whole: number, part: unknown): number {
  return Math.min(tokenCount(part) ?? 0, whole);
}
