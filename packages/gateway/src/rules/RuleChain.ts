import type {
  BudgetDefinition,
  DegradedMode,
  LimitCounter,
} from '@ai-gateway/backstage-plugin-ai-gateway-node';
import type { Policy } from '../policies/Policy';

/** All that holds for the requests of a key to a model, worked out once and used until a rule changes. */
export interface RuleChain {
  /** The narrowest first. */
  readonly policies: readonly Policy[];
  /** What is counted for each request, the narrowest first; no counter stands twice. */
  readonly counted: readonly CountedLimit[];
  readonly budgets: readonly ChainBudget[];
  /** Whether money is counted, so that it matters what a request will cost. */
  readonly countsMoney: boolean;
}

/** Something that is counted, and how much of it there may be. */
export interface CountedLimit {
  /** The same object in all chains that count it, until a rule changes. */
  readonly counter: LimitCounter;
  readonly name: string;
  /** `MAX_AMOUNT` for what is only counted. */
  readonly limit: number;
  /** Whether it can refuse at all by itself. */
  readonly enforced: boolean;
  readonly whenDegraded: DegradedMode;
  /** Of an amount of money. */
  readonly refusalStatus: BudgetDefinition['refusalStatus'] | null;
}

/** A budget on which more depends than whether a request is let through. */
export interface ChainBudget {
  readonly name: string;
  /** Its counter, by its place in `counted`. */
  readonly place: number;
  /** By what is spent when they begin, in nano-dollars, rising. */
  readonly actions: readonly BudgetAction[];
}

export type BudgetAction =
  | {
      readonly kind: 'throttle';
      readonly from: number;
      /** The counter that it lowers, by its place in `counted`. */
      readonly place: number;
      readonly requestsPerMinute: number;
    }
  | {
      readonly kind: 'downshift';
      readonly from: number;
      readonly model: string;
    };
