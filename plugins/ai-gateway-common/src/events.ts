import type { Budget, BudgetNotice, BudgetThreshold } from './contract';

/** Topic on which the control plane tells, once for each budget, window and threshold, that the threshold is reached. @public */
export const BUDGET_THRESHOLD_TOPIC = 'ai-gateway.budget-threshold';

/** Payload of {@link BUDGET_THRESHOLD_TOPIC}. @public */
export interface BudgetThresholdEvent
  extends BudgetNotice, Pick<Budget, 'subject' | 'window' | 'note'> {
  /** What gateways do from now on, beyond that everyone is told. */
  readonly action: BudgetThreshold['action'];
  /** When the window ends; `null`: never. */
  readonly windowEnd: string | null;
}
