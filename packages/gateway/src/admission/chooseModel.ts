import { allowsModel } from '../policies/judgePolicies';
import type { RuleChain } from '../rules/RuleChain';
import { findModel, type ServedModel } from '../snapshot/Snapshot';
import type { AdmissionQuestion } from './AdmissionQuestion';
import type { BudgetStandings } from './BudgetStandings';

/** From one model to the next, should the budgets of each say so; more is a circle. */
const MAX_STEPS = 3;

/**
 * The model that a request goes to by now: the one it asks for, unless a budget has come to where it names another.
 *
 * Of several budgets the narrowest decides, and of its thresholds the highest that is passed. A model that is not there, or that the key
 * or a policy does not allow, is passed over: then the request goes where it was meant to.
 */
export function chooseModel(
  { key, model, snapshot }: AdmissionQuestion,
  chainOf: (modelId: string) => RuleChain,
  standings: BudgetStandings,
): ServedModel {
  const mayCall = (id: string) =>
    (key.modelScope === null || key.modelScope.has(id)) &&
    allowsModel(chainOf(id).policies, id);
  let chosen = model;
  for (let step = 0; step < MAX_STEPS; step++) {
    const names = downshiftsOf(chainOf(chosen.id), standings);
    const next = names
      .map(name => findModel(snapshot, name))
      .find(candidate => candidate && mayCall(candidate.id));
    if (!next || next.id === chosen.id) return chosen;
    chosen = next;
  }
  return chosen;
}

/** The models that budgets name by now, the first to be tried first. */
function downshiftsOf(
  { budgets }: RuleChain,
  standings: BudgetStandings,
): readonly string[] {
  return budgets.flatMap(({ name, actions }) => {
    const spent = standings.spentOf(name);
    if (spent === null) return [];
    return actions
      .flatMap(action =>
        action.kind === 'downshift' && spent >= action.from
          ? [action.model]
          : [],
      )
      .reverse();
  });
}
