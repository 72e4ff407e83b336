import type {
  BudgetThreshold,
  Subject,
} from '@ai-gateway/backstage-plugin-ai-gateway-common';
import type { BudgetKey, BudgetFields } from '../database/budgets/BudgetStore';
import { partsOfSubscription } from '../database/subjects/SubjectStore';
import { ValidationError } from '../errors';

type BudgetOfSubject = Pick<BudgetKey & BudgetFields, 'subject' | 'thresholds'>;

/** The models that some thresholds go down to. */
export function downshiftModels(
  thresholds: readonly BudgetThreshold[],
): string[] {
  return thresholds.flatMap(threshold =>
    threshold.action === 'downshift' ? [threshold.model] : [],
  );
}

/**
 * Refuses downshifts that lead nowhere: to a model that is not served, from a model to itself, or round in a circle of subscriptions.
 *
 * Budgets of wider subjects have no model of their own to come from, so that only subscriptions can make a circle.
 *
 * @param others - budgets of the other subscriptions of the same project
 * @throws ValidationError
 */
export function refuseDownshift(
  { subject, thresholds }: BudgetOfSubject,
  context: {
    served: ReadonlySet<string>;
    others: readonly BudgetOfSubject[];
  },
): void {
  thresholds.forEach((threshold, index) => {
    if (threshold.action !== 'downshift') return;
    const path = `thresholds.${index}.model`;
    if (!context.served.has(threshold.model)) {
      throw ValidationError.of(
        path,
        `There is no published model '${threshold.model}'`,
      );
    }
    const from = modelOf(subject);
    if (from === undefined) return;
    const circle = circleFrom(from, threshold.model, context.others);
    if (circle) {
      throw ValidationError.of(
        path,
        circle.length === 1
          ? `Requests for '${from}' already go to '${from}'`
          : `Requests would go round in a circle: ${[from, ...circle].join(' → ')}`,
      );
    }
  });
}

/** The models from a first one on until the start comes again; `undefined` when it does not. */
function circleFrom(
  start: string,
  first: string,
  others: readonly BudgetOfSubject[],
): string[] | undefined {
  const visited = new Set<string>();
  const paths = [[first]];
  for (let path = paths.shift(); path; path = paths.shift()) {
    const at = path[path.length - 1];
    if (at === start) return path;
    if (visited.has(at)) continue;
    visited.add(at);
    for (const other of others) {
      if (modelOf(other.subject) !== at) continue;
      for (const next of downshiftModels(other.thresholds)) {
        paths.push([...path, next]);
      }
    }
  }
  return undefined;
}

function modelOf({ kind, id }: Subject): string | undefined {
  return kind === 'subscription' ? partsOfSubscription(id).modelId : undefined;
}
