import type {
  BudgetDefinition,
  LimitDefinition,
} from '@ai-gateway/backstage-plugin-ai-gateway-node';
import type { Policy } from '../policies/Policy';
import type { RuleRow } from './RuleRow';

/** A limit, a budget or a policy that has been found right. */
export type Rule =
  | { readonly kind: 'limit'; readonly limit: LimitDefinition }
  | { readonly kind: 'budget'; readonly budget: BudgetDefinition }
  | { readonly kind: 'policy'; readonly policy: Policy };

/** A row, and what it comes to; `null`: it was removed. */
export interface CompiledRule {
  readonly row: RuleRow;
  readonly rule: Rule | null;
}
