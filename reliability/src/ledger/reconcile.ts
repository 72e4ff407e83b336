import type { Seen } from '../load/Seen';
import { exactCost, type Price } from './exactCost';
import type { LedgerRow } from './Ledger';

/** Where the ledger differs from what clients saw. */
export interface Differences {
  /** Of completions that a client saw to their end. */
  readonly completions: readonly string[];
  /** Rows that stand twice, for one event or for one request. */
  readonly doubled: readonly string[];
  /** Rows that are of nobody's request, or are not marked as what they are. */
  readonly others: readonly string[];
}

/**
 * Holds the ledger against what clients saw of their requests, for models of one price and upstreams that never fail.
 *
 * - A completion that a client saw to its end has exactly one row, with the tokens that the client was told and exactly their cost.
 * - No event and no request has two rows.
 * - A row that is not complete is estimated, and no client saw that request complete; a row that is complete costs what its tokens cost,
 *   even where the client did not live to see it.
 */
export function reconcile(
  seen: readonly Seen[],
  rows: readonly LedgerRow[],
  price: Price,
): Differences {
  const byRequest = new Map<string, LedgerRow[]>();
  const ids = new Set<string>();
  const doubled: string[] = [];
  for (const row of rows) {
    if (ids.has(row.id)) doubled.push(`event ${row.id}`);
    ids.add(row.id);
    const ofRequest = byRequest.get(row.requestId) ?? [];
    ofRequest.push(row);
    byRequest.set(row.requestId, ofRequest);
  }
  for (const [requestId, { length }] of byRequest) {
    if (length > 1) doubled.push(`${requestId} has ${length} rows`);
  }

  const completions: string[] = [];
  const others: string[] = [];
  const sent = new Map(seen.map(one => [one.requestId, one]));
  for (const one of seen) {
    if (one.kind !== 'complete') continue;
    const row = byRequest.get(one.requestId)?.[0];
    if (!row) {
      completions.push(`${one.requestId} has no row`);
      continue;
    }
    const cost = exactCost(one.usage, price);
    const right =
      row.outcome === 'complete' &&
      row.usageSource === 'reported' &&
      row.inputTokens === one.usage.promptTokens &&
      row.outputTokens === one.usage.completionTokens &&
      row.costNanoUsd === cost;
    if (!right) {
      completions.push(
        `${one.requestId}: ${one.usage.promptTokens} + ${one.usage.completionTokens} tokens for ${cost}, in the ledger ${describe(row)}`,
      );
    }
  }
  for (const row of rows) {
    const { requestId } = row;
    if (!sent.has(requestId)) {
      others.push(`${requestId} was never sent`);
    } else if (row.outcome === 'complete') {
      const told = {
        promptTokens: row.inputTokens,
        completionTokens: row.outputTokens,
      };
      if (row.costNanoUsd !== exactCost(told, price)) {
        others.push(`${requestId} does not cost what its tokens do`);
      }
    } else if (row.usageSource === 'reported') {
      others.push(`${requestId} is not marked as estimated: ${describe(row)}`);
    }
  }
  return { completions, doubled, others };
}

function describe(row: LedgerRow): string {
  return `${row.outcome}, ${row.usageSource}, ${row.inputTokens} + ${row.outputTokens} tokens for ${row.costNanoUsd}`;
}
