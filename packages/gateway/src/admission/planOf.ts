import {
  type PriceRates,
  MAX_AMOUNT,
} from '@ai-gateway/backstage-plugin-ai-gateway-node';
import { estimate, type Estimate } from '../limits/estimate';
import type { ReserveEntry } from '../limits/Limiter';
import type { CountedLimit, RuleChain } from '../rules/RuleChain';
import type { AdmissionQuestion } from './AdmissionQuestion';
import type { BudgetStandings } from './BudgetStandings';
import type { Terms } from './Terms';

/** What a request will probably take, and what that was worked out from. */
export interface Estimated {
  readonly estimate: Estimate;
  readonly rates: PriceRates;
}

/** What a request is to reserve. */
export interface Plan extends Estimated {
  readonly chain: RuleChain;
  /** In the order of what the chain counts. */
  readonly entries: readonly ReserveEntry[];
}

export function estimateOf(
  { rates, habits }: Terms,
  question: AdmissionQuestion,
): Estimated {
  const { inputTokens, maxOutputTokens, choices } = question;
  const inForce = rates.at(question.receivedAt);
  const estimated = estimate({
    promptTokens: inputTokens,
    maxTokens: maxOutputTokens,
    choices,
    expectedCompletionTokens: habits.expect(inputTokens),
    rates: inForce,
  });
  return { estimate: estimated, rates: inForce };
}

/** What to reserve for a request. */
export function planOf(
  { chain, fixed }: Terms,
  { estimate: estimated, rates }: Estimated,
  standings: BudgetStandings,
): Plan {
  const entries = chain.counted.map(
    (counted, place) => fixed[place] ?? entryOf(counted, estimated),
  );
  for (const [place, throttle] of throttlesOf(chain, standings)) {
    const entry = entries[place];
    if (entry.limit > throttle) entries[place] = { ...entry, limit: throttle };
  }
  return { chain, estimate: estimated, rates, entries };
}

const NO_THROTTLES: ReadonlyMap<number, number> = new Map();

/** The rates that budgets hold their subjects to by now, by the place of the counter. */
export function throttlesOf(
  { budgets }: RuleChain,
  standings: BudgetStandings,
): ReadonlyMap<number, number> {
  if (budgets.length === 0) return NO_THROTTLES;
  const throttles = new Map<number, number>();
  for (const { name, actions } of budgets) {
    const spent = standings.spentOf(name);
    if (spent === null) continue;
    for (const action of actions) {
      if (action.kind !== 'throttle' || spent < action.from) continue;
      const { place, requestsPerMinute } = action;
      throttles.set(
        place,
        Math.min(throttles.get(place) ?? MAX_AMOUNT, requestsPerMinute),
      );
    }
  }
  return throttles;
}

/** Of tokens or of money: all else that is counted is the same for every request. */
function entryOf(
  { counter, limit, whenDegraded }: CountedLimit,
  { tokens, money }: Estimate,
): ReserveEntry {
  const { amount, least } = counter.measure === 'money' ? money : tokens;
  return { counter, limit, amount, least, whenDegraded };
}
