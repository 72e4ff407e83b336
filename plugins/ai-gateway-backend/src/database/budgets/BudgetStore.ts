import type {
  Budget,
  BudgetThreshold,
  Page,
  Subject,
} from '@ai-gateway/backstage-plugin-ai-gateway-common';
import type { SubjectFilter } from '../../permissions/resources';
import type { Scope } from '../../permissions/Scope';
import type { LimitFields } from '../limits/LimitStore';
import type { Stamp } from '../Stamp';
import type { SubjectQuery, SubjectRecord } from '../subjects/subjectRows';

/** What may change of a budget; its amount is in nano-dollars. */
export interface BudgetFields extends LimitFields {
  readonly thresholds: readonly BudgetThreshold[];
  readonly refusalStatus: Budget['refusalStatus'];
}

/** What stays of a budget. */
export interface BudgetKey {
  readonly id: string;
  readonly subject: Subject;
  readonly window: Budget['window'];
}

/** A budget as it is kept. */
export interface BudgetRecord extends BudgetKey, BudgetFields, SubjectRecord {}

/** Budgets that are in force. Whoever asks says within which scope. */
export interface BudgetStore {
  list(
    scope: Scope<SubjectFilter>,
    query: SubjectQuery,
  ): Promise<Page<BudgetRecord>>;
  get(
    id: string,
    scope: Scope<SubjectFilter>,
  ): Promise<BudgetRecord | undefined>;
  /** Whether there is or was such a budget. */
  wasThere(id: string, scope: Scope<SubjectFilter>): Promise<boolean>;
  /** Every budget. */
  all(): Promise<BudgetRecord[]>;
  /** All budgets of some subjects. */
  of(
    subjects: readonly Subject[],
    window?: BudgetKey['window'],
  ): Promise<BudgetRecord[]>;
  /** Budgets of everything that has a subject above it. */
  below(
    subject: Subject,
    window?: BudgetKey['window'],
  ): Promise<BudgetRecord[]>;
  /** Budgets of subscriptions of a project. */
  ofSubscriptions(projectId: string): Promise<BudgetRecord[]>;
  /** Subjects whose budgets go down to a model. */
  downshiftingTo(modelId: string): Promise<Subject[]>;
  /** @returns `false` when its subject has one for this window */
  insert(
    key: BudgetKey,
    fields: BudgetFields,
    stamp: Stamp,
    revision: bigint,
  ): Promise<boolean>;
  update(
    id: string,
    fields: BudgetFields,
    stamp: Stamp,
    revision: bigint,
  ): Promise<void>;
  remove(id: string, stamp: Stamp, revision: bigint): Promise<void>;
}
