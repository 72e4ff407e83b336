import {
  isAmount,
  counterName,
} from '@ai-gateway/backstage-plugin-ai-gateway-node';
import {
  MAX_TTL_MS,
  type EntryFigures,
  type ReserveEntry,
  type ReserveRequest,
  type Violation,
} from './Limiter';

/** Where a counter stands, without a limit. */
export interface Standing {
  readonly spent: number;
  readonly reserved: number;
  readonly resetMs: number | null;
  readonly windowStart: number | null;
}

/** When what was refused would fit. */
export interface Clearing {
  readonly clearsInMs: number | null;
  readonly retryAfterMs: number | null;
}

/** What is left of a limit; below zero when the limit was lowered, or a request took more than it had reserved. */
export function leftOf(limit: number, standing: Standing): number {
  // In this order: each difference of two amounts is exact, their sum might not be.
  return limit - standing.spent - standing.reserved;
}

export function leastOf({ amount, least }: ReserveEntry): number {
  return least ?? amount;
}

export function figuresOf(
  { counter, limit }: ReserveEntry,
  standing: Standing,
): EntryFigures {
  return {
    counter,
    limit,
    spent: standing.spent,
    reserved: standing.reserved,
    remaining: Math.max(0, leftOf(limit, standing)),
    resetMs: standing.resetMs,
    windowStart: standing.windowStart,
  };
}

export function violationOf(
  entry: ReserveEntry,
  standing: Standing,
  clearing: Clearing,
): Violation {
  return {
    ...figuresOf(entry, standing),
    asked: entry.amount,
    least: leastOf(entry),
    clearsInMs: clearing.clearsInMs,
    retryAfterMs: clearing.retryAfterMs,
  };
}

/** @throws TypeError for what only a bug can ask */
export function checkReserveRequest(request: ReserveRequest): void {
  checkTtl(request.ttlMs);
  const names = new Set<string>();
  for (const entry of request.entries) {
    const name = counterName(entry.counter);
    const least = leastOf(entry);
    if (names.has(name)) throw new TypeError(`${name} stands twice`);
    names.add(name);
    if (
      !isAmount(entry.limit) ||
      !isAmount(entry.amount) ||
      !isAmount(least) ||
      least > entry.amount
    ) {
      throw new TypeError(
        `Not amounts: ${name}, limit ${entry.limit}, amount ${entry.amount}, least ${least}`,
      );
    }
    if (
      entry.counter.measure === 'concurrency' &&
      (entry.amount !== 1 || least !== 1)
    ) {
      throw new TypeError(`${name}: a request is one request`);
    }
  }
}

/** @throws TypeError for a time that is not whole, not positive, or too long */
export function checkTtl(ttlMs: number): void {
  if (!Number.isInteger(ttlMs) || ttlMs < 1 || ttlMs > MAX_TTL_MS) {
    throw new TypeError(`A hold cannot live for ${ttlMs} ms`);
  }
}

/** @throws TypeError for what cannot be counted */
export function checkAmount(amount: number): number {
  if (!isAmount(amount)) throw new TypeError(`Not an amount: ${amount}`);
  return amount;
}
