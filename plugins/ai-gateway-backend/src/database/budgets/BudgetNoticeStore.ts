import type {
  NanoUsd,
  Page,
} from '@ai-gateway/backstage-plugin-ai-gateway-common';

/** A threshold of a budget that was reached. */
export interface BudgetNoticeRecord {
  readonly budgetId: string;
  readonly windowStart: Date;
  readonly percent: number;
  readonly spent: NanoUsd;
  readonly amount: NanoUsd;
  readonly noticedAt: Date;
}

/** Which window of a budget. */
export interface BudgetWindowKey {
  readonly budgetId: string;
  readonly windowStart: Date;
}

/** Thresholds that were reached: one notice for each budget, window and threshold, whoever sees it first. */
export interface BudgetNoticeStore {
  /** Newest first. */
  list(
    budgetId: string,
    page: { limit: number; offset: number },
  ): Promise<Page<BudgetNoticeRecord>>;
  /** Notices of some windows, by percent. */
  of(windows: readonly BudgetWindowKey[]): Promise<BudgetNoticeRecord[]>;
  /** Adds those that are new, and gives exactly these. */
  add(notices: readonly BudgetNoticeRecord[]): Promise<BudgetNoticeRecord[]>;
}
