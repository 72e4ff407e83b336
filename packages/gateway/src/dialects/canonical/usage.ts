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

/** Takes parts off a whole, one after the other; a part larger than what is left of the whole is cut to it. */
export function takeParts(
  whole: number,
  parts: readonly unknown[],
): { readonly parts: readonly number[]; readonly rest: number } {
  let rest = whole;
  const taken = parts.map(part => {
    const count = Math.min(tokenCount(part) ?? 0, rest);
    rest -= count;
    return count;
  });
  return { parts: taken, rest };
}
