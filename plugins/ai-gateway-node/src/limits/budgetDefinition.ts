import type { BudgetWindow, LimitSubject } from './counters';
import type { DegradedMode, LimitAmount } from './limitDefinition';

/**
 * What happens once so many percent of a budget are spent.
 *
 * - `notify`: people are told; the control plane does that.
 * - `throttle`: the budget's subject has this many requests a minute from then on.
 * - `downshift`: requests go to this model instead, where the key and the policies allow it.
 * - `block`: requests are refused. A budget that has none goes on.
 *
 * @public
 */
export type BudgetThreshold = { readonly percent: number } & (
  | { readonly action: 'notify' }
  | { readonly action: 'throttle'; readonly requestsPerMinute: number }
  | { readonly action: 'downshift'; readonly model: string }
  | { readonly action: 'block' }
);

/** What a subject may spend in a window. @public */
export interface BudgetDefinition {
  readonly subject: LimitSubject;
  readonly window: BudgetWindow;
  readonly amount: LimitAmount;
  readonly thresholds: readonly BudgetThreshold[];
  /** Of the answer that refuses. */
  readonly refusalStatus: 402 | 429;
  readonly whenDegraded?: DegradedMode;
}
