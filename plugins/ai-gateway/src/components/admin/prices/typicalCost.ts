import {
  nanoToUsd,
  parseUsd,
} from '@ai-gateway/backstage-plugin-ai-gateway-common';

/** What a typical request uses, in tokens. */
export const TYPICAL_REQUEST = { input: 1_000n, output: 500n } as const;

/** Amounts are for so many tokens. */
const PRICED_TOKENS = 1_000_000n;

/**
 * What a typical request costs, in dollars: exact, rounded once and half up to the nano-dollar, as the ledger does it.
 *
 * @param amounts - dollars per million tokens, and per request, as somebody enters them; no amount per request is none
 * @returns `undefined` while an amount is not one
 */
export function typicalCost(amounts: {
  readonly input: string;
  readonly output: string;
  readonly perRequest: string | null;
}): string | undefined {
  const input = parseUsd(amounts.input);
  const output = parseUsd(amounts.output);
  const perRequest = parseUsd(amounts.perRequest?.trim() || '0');
  if (!input.ok || !output.ok || !perRequest.ok) return undefined;
  const tokens =
    TYPICAL_REQUEST.input * input.nanoUsd +
    TYPICAL_REQUEST.output * output.nanoUsd;
  return nanoToUsd(
    (tokens + PRICED_TOKENS / 2n) / PRICED_TOKENS + perRequest.nanoUsd,
  );
}
