import type { Seen } from '../load/Seen';
import { exactCost, type Price } from './exactCost';
import type { LedgerRow } from './Ledger';

/**
 * Holds the ledger against what clients saw where upstreams fail, so that a request may have several attempts, each with a row.
 *
 * - The attempts of a request are numbered from 1 on, each once.
 * - What a client saw complete is complete in the last attempt and in no other, with the tokens that it was told, at exactly their cost.
 * - What a client did not see complete is complete nowhere.
 * - A request of which a client saw nothing but an error costs nothing; an attempt is billed by an estimate only where something had been
 *   generated.
 *
 * @returns where that is not so
 */
export function reconcileAttempts(
  seen: readonly Seen[],
  rows: readonly LedgerRow[],
  price: Price,
): string[] {
  const byRequest = new Map<string, LedgerRow[]>();
  for (const row of rows) {
    const attempts = byRequest.get(row.requestId) ?? [];
    attempts.push(row);
    byRequest.set(row.requestId, attempts);
  }
  const problems: string[] = [];
  for (const one of seen) {
    const attempts = (byRequest.get(one.requestId) ?? []).sort(
      (a, b) => a.attempt - b.attempt,
    );
    byRequest.delete(one.requestId);
    for (const problem of problemsOf(one, attempts, price)) {
      problems.push(`${one.requestId}: ${problem}`);
    }
  }
  for (const requestId of byRequest.keys()) {
    problems.push(`${requestId} was never sent`);
  }
  return problems;
}

function problemsOf(
  seen: Seen,
  attempts: readonly LedgerRow[],
  price: Price,
): string[] {
  const problems: string[] = [];
  attempts.forEach((row, index) => {
    if (row.attempt !== index + 1) {
      problems.push(`attempt ${row.attempt} in place of ${index + 1}`);
    }
    const isLast = index === attempts.length - 1;
    const mayBeComplete = isLast && seen.kind === 'complete';
    if (row.outcome === 'complete' && !mayBeComplete) {
      problems.push(`attempt ${row.attempt} is complete`);
    }
    if (row.usageSource === 'none' && row.costNanoUsd !== 0n) {
      problems.push(`attempt ${row.attempt} costs, and used nothing`);
    }
    if (seen.kind === 'refused' && row.costNanoUsd !== 0n) {
      problems.push(`attempt ${row.attempt} costs, and its client saw nothing`);
    }
  });
  if (seen.kind !== 'complete') return problems;
  const last = attempts.at(-1);
  const right =
    last?.outcome === 'complete' &&
    last.usageSource === 'reported' &&
    last.inputTokens === seen.usage.promptTokens &&
    last.outputTokens === seen.usage.completionTokens &&
    last.costNanoUsd === exactCost(seen.usage, price);
  if (!right) {
    problems.push(
      last
        ? `${last.outcome}, ${last.inputTokens} + ${last.outputTokens} tokens for ${last.costNanoUsd}`
        : 'no row',
    );
  }
  return problems;
}
