import type { NanoUsd } from '@ai-gateway/backstage-plugin-ai-gateway-common';
import {
  windowEndOf,
  windowStartOf,
} from '@ai-gateway/backstage-plugin-ai-gateway-node';
import type { BudgetRecord } from '../database/budgets/BudgetStore';
import type { Stores } from '../database/Stores';
import { subjectName } from '../database/subjects/SubjectStore';
import { Family, type Definition } from '../limits/Family';

/** A budget, what it comes to, and what the ledger says is spent of it in the window that runs. */
export interface StandingBudget {
  readonly budget: BudgetRecord;
  /** `null` when it is a fraction of nothing. */
  readonly effective: NanoUsd | null;
  readonly problem: string | null;
  readonly windowStart: Date;
  /** `null`: never. */
  readonly windowEnd: Date | null;
  readonly spent: NanoUsd;
}

/** A budget as a limit on money. */
export function definitionOf<T extends Omit<Definition, 'measure'>>(
  budget: T,
): T & { measure: 'money' } {
  return { ...budget, measure: 'money' };
}

/**
 * Says where some budgets stand: in a few queries for each window among them, however many they are.
 *
 * @param at - milliseconds since the epoch
 */
export async function standingsOf(
  stores: Pick<Stores, 'subjects' | 'budgets' | 'spending'>,
  budgets: readonly BudgetRecord[],
  at: number,
): Promise<StandingBudget[]> {
  const chains = await stores.subjects.chains(
    budgets.map(({ subject }) => subject),
  );
  const relatives = await stores.budgets.of([
    ...new Map(
      [...chains.values()].flat().map(one => [subjectName(one), one]),
    ).values(),
  ]);
  const family = Family.of(relatives.map(definitionOf), chains);
  const spent = await spentOf(stores, budgets, at);
  return budgets.map(budget => {
    const { effective, problem } = family.standing(definitionOf(budget));
    const { start, end } = windowAt(budget.window, at);
    return {
      budget,
      effective: effective === null ? null : BigInt(effective),
      problem: problem?.message ?? null,
      windowStart: start,
      windowEnd: end,
      spent: spent.get(budget.id) ?? 0n,
    };
  });
}

/** The window that holds a moment. */
function windowAt(
  window: BudgetRecord['window'],
  at: number,
): { start: Date; end: Date | null } {
  const start = windowStartOf(window, at);
  const end = windowEndOf(window, start);
  return { start: new Date(start), end: end === null ? null : new Date(end) };
}

async function spentOf(
  { spending }: Pick<Stores, 'spending'>,
  budgets: readonly BudgetRecord[],
  at: number,
): Promise<Map<string, NanoUsd>> {
  const spent = new Map<string, NanoUsd>();
  for (const window of new Set(budgets.map(budget => budget.window))) {
    const ofWindow = budgets.filter(budget => budget.window === window);
    const { start, end } = windowAt(window, at);
    const sums = await spending.within(
      { from: start, until: end },
      ofWindow.map(({ subject }) => subject),
    );
    for (const { id, subject } of ofWindow) {
      spent.set(id, sums.get(subjectName(subject)) ?? 0n);
    }
  }
  return spent;
}
