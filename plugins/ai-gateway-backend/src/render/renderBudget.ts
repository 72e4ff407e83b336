import {
  nanoToUsd,
  type Budget,
  type BudgetNotice,
} from '@ai-gateway/backstage-plugin-ai-gateway-common';
import type { LimitAmount } from '@ai-gateway/backstage-plugin-ai-gateway-node';
import { percentOf } from '../budgets/reached';
import type { BudgetNoticeRecord } from '../database/budgets/BudgetNoticeStore';
import type { NoticedBudget } from '../services/BudgetService';

/** A budget as the API writes it. */
export function renderBudget(noticed: NoticedBudget): Budget {
  const { budget, effective, spent } = noticed;
  return {
    id: budget.id,
    subject: budget.subject,
    window: budget.window,
    amount: renderBudgetAmount(budget.amount),
    effectiveUsd: effective === null ? null : nanoToUsd(effective),
    problem: noticed.problem,
    thresholds: [...budget.thresholds],
    refusalStatus: budget.refusalStatus,
    whenDegraded: budget.whenDegraded,
    note: budget.note,
    running: {
      startsAt: noticed.windowStart.toISOString(),
      endsAt: noticed.windowEnd?.toISOString() ?? null,
      spentUsd: nanoToUsd(spent),
      percent: effective === null ? null : percentOf(spent, effective),
      notices: noticed.notices.map(renderBudgetNotice),
    },
    version: budget.version,
    createdAt: budget.createdAt.toISOString(),
    createdBy: budget.createdBy,
    updatedAt: budget.updatedAt.toISOString(),
    updatedBy: budget.updatedBy,
  };
}

/** An amount of money, as the API and the audit trail write it. */
export function renderBudgetAmount(amount: LimitAmount): Budget['amount'] {
  return amount.kind === 'absolute'
    ? { kind: 'absolute', usd: nanoToUsd(amount.amount) }
    : { kind: 'fraction', fraction: amount.fraction };
}

/** A budget notice as the API writes it. */
export function renderBudgetNotice(notice: BudgetNoticeRecord): BudgetNotice {
  return {
    budgetId: notice.budgetId,
    windowStart: notice.windowStart.toISOString(),
    percent: notice.percent,
    noticedAt: notice.noticedAt.toISOString(),
    spentUsd: nanoToUsd(notice.spent),
    amountUsd: nanoToUsd(notice.amount),
  };
}
