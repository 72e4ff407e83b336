import {
  counterName,
  MAX_AMOUNT,
  resolveLimits,
  type BudgetDefinition,
  type BudgetThreshold,
  type LimitCounter,
  type LimitDefinition,
  type LimitSubject,
  type ResolvedLimit,
} from '@ai-gateway/backstage-plugin-ai-gateway-node';
import type { KeyRecord } from '../keys/KeyRecord';
import type { Policy } from '../policies/Policy';
import type { Rule } from './Rule';
import type { BudgetAction, CountedLimit, RuleChain } from './RuleChain';

/** The organisation is one; its rules stand under this id. */
export const ORGANISATION_ID = 'default';

/** What is only counted goes on being counted, whatever is away. */
const ONLY_COUNTED = {
  limit: MAX_AMOUNT,
  enforced: false,
  whenDegraded: { mode: 'cap', fraction: 1 },
} as const;

/** Whom a request is counted for, from the narrowest to the widest. */
export function subjectsOf(
  key: KeyRecord,
  modelId: string,
  businessUnit: string,
): readonly LimitSubject[] {
  const { ownerKind, ownerRef, projectId } = key;
  return [
    { kind: 'key', id: key.id },
    ...(ownerKind !== 'project' && ownerRef !== null
      ? [{ kind: ownerKind, id: ownerRef }]
      : []),
    { kind: 'subscription', id: `${projectId}/${modelId}` },
    { kind: 'project', id: projectId },
    ...(businessUnit === ''
      ? []
      : [{ kind: 'business-unit' as const, id: businessUnit }]),
    { kind: 'organisation', id: ORGANISATION_ID },
  ];
}

/**
 * Works out all that holds for a chain of subjects.
 *
 * A fraction of what has no limit is no limit of its own: the levels above hold, and the control plane does not let one be set.
 */
export function resolveChain(
  subjects: readonly LimitSubject[],
  rulesOf: (subject: LimitSubject) => readonly Rule[],
): RuleChain {
  const policies: Policy[] = [];
  const budgets = new Map<string, BudgetDefinition>();
  const definitions: LimitDefinition[] = [];
  for (const rule of subjects.flatMap(subject => [...rulesOf(subject)])) {
    switch (rule.kind) {
      case 'policy':
        policies.push(rule.policy);
        break;
      case 'limit':
        definitions.push(rule.limit);
        break;
      case 'budget': {
        const { budget } = rule;
        definitions.push({ ...budget, measure: 'money' });
        budgets.set(nameOfBudget(budget), budget);
        break;
      }
      default: {
        const impossible: never = rule;
        throw new TypeError(`Unknown: ${JSON.stringify(impossible)}`);
      }
    }
  }
  const { limits } = resolveLimits(subjects, definitions);
  const amounts = new Map(
    limits.map(({ counter, limit }) => [counterName(counter), limit]),
  );
  const counted = limits.map(limit =>
    countedLimit(limit, budgets.get(counterName(limit.counter))),
  );
  const chainBudgets = [...budgets].flatMap(([name, budget]) => {
    const amount = amounts.get(name);
    if (amount === undefined) return [];
    const actions = budget.thresholds.flatMap(threshold =>
      actionOf(threshold, amount, budget.subject, counted),
    );
    const place = counted.findIndex(known => known.name === name);
    return actions.length > 0 ? [{ name, place, actions }] : [];
  });
  return {
    policies,
    counted,
    budgets: chainBudgets,
    countsMoney: budgets.size > 0,
  };
}

function nameOfBudget({ subject, window }: BudgetDefinition): string {
  return counterName({ subject, measure: 'money', window });
}

function countedLimit(
  { counter, limit, whenDegraded }: ResolvedLimit,
  budget: BudgetDefinition | undefined,
): CountedLimit {
  const base = { counter, name: counterName(counter) };
  if (!budget) {
    return {
      ...base,
      limit,
      enforced: true,
      whenDegraded,
      refusalStatus: null,
    };
  }
  const { refusalStatus } = budget;
  const block = budget.thresholds.find(({ action }) => action === 'block');
  return block
    ? {
        ...base,
        limit: Math.max(1, percentOf(limit, block.percent)),
        enforced: true,
        whenDegraded,
        refusalStatus,
      }
    : { ...base, ...ONLY_COUNTED, refusalStatus };
}

/** What a threshold asks of the gateway. The counter of a throttle is counted from the start, so that it holds at once when it begins. */
function actionOf(
  threshold: BudgetThreshold,
  amount: number,
  subject: LimitSubject,
  counted: CountedLimit[],
): BudgetAction[] {
  const from = percentOf(amount, threshold.percent, 99n);
  switch (threshold.action) {
    case 'notify':
    case 'block':
      return [];
    case 'downshift':
      return [{ kind: 'downshift', from, model: threshold.model }];
    case 'throttle': {
      const { requestsPerMinute } = threshold;
      const counter: LimitCounter = {
        subject,
        measure: 'requests',
        window: 'minute',
      };
      const name = counterName(counter);
      let place = counted.findIndex(known => known.name === name);
      if (place < 0) {
        place = counted.length;
        counted.push({ ...ONLY_COUNTED, counter, name, refusalStatus: null });
      }
      return [{ kind: 'throttle', from, place, requestsPerMinute }];
    }
    default: {
      const impossible: never = threshold;
      throw new TypeError(`Unknown: ${JSON.stringify(impossible)}`);
    }
  }
}

/** So many percent of an amount, in whole units: rounded down, or up with 99 hundredths on top. */
function percentOf(amount: number, percent: number, onTop = 0n): number {
  const part = (BigInt(amount) * BigInt(percent) + onTop) / 100n;
  return Number(part > BigInt(MAX_AMOUNT) ? MAX_AMOUNT : part);
}
