import {
  counterName,
  isBudgetCounter,
  MAX_AMOUNT,
  readGauge,
  type LimitCounter,
} from '@ai-gateway/backstage-plugin-ai-gateway-node';
import type { BudgetCounterId, Limiter, Seed } from '../limits/Limiter';
import type { Rule } from '../rules/Rule';
import type { LedgerBalances } from './LedgerBalances';

/** What a rebuilding came to. */
export interface RebuiltCounters {
  /** Budgets and quotas that are configured. */
  readonly configured: number;
  /** Those that the store knew; the others are looked up when they are needed. */
  readonly known: number;
  /** Those of them that said something else than the ledger. */
  readonly corrected: number;
}

const BATCH = 500;

/**
 * Puts what the ledger says in place of what the counters of budgets and quotas say. What is reserved stays.
 *
 * Usage that has not reached the ledger yet, for it is in the spool of a gateway, is not in it; gateways that ask the ledger again later
 * bring it in.
 */
export async function rebuildCounters(options: {
  readonly rules: Iterable<Rule>;
  readonly limiter: Limiter;
  readonly balances: LedgerBalances;
}): Promise<RebuiltCounters> {
  const { limiter, balances } = options;
  const counters = countersOf(options.rules);
  let known = 0;
  let corrected = 0;
  for (let i = 0; i < counters.length; i += BATCH) {
    const batch = counters.slice(i, i + BATCH);
    const readings = await limiter.read(batch);
    const needs = batch.flatMap((counter, n) => {
      const { seeded, windowStart } = readings[n];
      return seeded && windowStart !== null ? [{ counter, windowStart }] : [];
    });
    if (needs.length === 0) continue;
    const used = await balances.usedIn(needs);
    const before = new Map(
      readings.map(({ counter, spent }) => [counterName(counter), spent]),
    );
    const seeds: Seed[] = needs.map(need => ({
      ...need,
      spent: countable(used.get(counterName(need.counter)) ?? 0n),
      exact: true,
    }));
    await limiter.seed(seeds);
    known += seeds.length;
    corrected += seeds.filter(
      ({ counter, spent }) => before.get(counterName(counter)) !== spent,
    ).length;
  }
  return { configured: counters.length, known, corrected };
}

function countersOf(rules: Iterable<Rule>): readonly BudgetCounterId[] {
  const counters = new Map<string, BudgetCounterId>();
  for (const rule of rules) {
    const counter = counterOf(rule);
    if (!counter || !isBudgetCounter(counter)) continue;
    counters.set(counterName(counter), counter);
  }
  return [...counters.values()];
}

function counterOf(rule: Rule): LimitCounter | null {
  switch (rule.kind) {
    case 'policy':
      return null;
    case 'limit': {
      const { subject, measure, window } = rule.limit;
      const gauge = readGauge(measure, window);
      return typeof gauge === 'string' ? null : { subject, ...gauge };
    }
    case 'budget': {
      const { subject, window } = rule.budget;
      return { subject, measure: 'money', window };
    }
    default: {
      const impossible: never = rule;
      throw new TypeError(`Unknown: ${JSON.stringify(impossible)}`);
    }
  }
}

function countable(amount: bigint): number {
  return Number(amount > BigInt(MAX_AMOUNT) ? MAX_AMOUNT : amount);
}
