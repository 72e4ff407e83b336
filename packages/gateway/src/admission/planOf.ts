import {
  type PriceRates,
  MAX_AMOUNT,
} from '@ai-gateway/backstage-plugin-ai-gateway-node';
import { estimate, type Estimate } from '../limits/estimate';
import type { ReserveEntry } from '../limits/Limiter';
import type { CountedLimit, RuleChain } from '../rules/RuleChain';
import type { AdmissionQuestion } from './AdmissionQuestion';
import type { BudgetStandings } from './BudgetStandings';

/** What a request is to reserve, and what that was worked out from. */
export interface Plan {
  readonly chain: RuleChain;
  /** In the order of what the chain counts. */
  readonly entries: readonly ReserveEntry[];
  readonly estimate: Estimate;
  readonly rates: PriceRates;
}

/**
 * What to reserve for a request.
 *
 * @param expectedCompletionTokens - of one choice, from history
 */
export function planOf(
  chain: RuleChain,
  question: AdmissionQuestion,
  rates: PriceRates,
  expectedCompletionTokens: number,
  standings: BudgetStandings,
): Plan {
  const { inputTokens, maxOutputTokens, choices } = question;
  const estimated = estimate({
    promptTokens: inputTokens,
    maxTokens: maxOutputTokens,
    choices,
    expectedCompletionTokens,
    rates,
  });
  const throttled = throttlesOf(chain, standings);
  return {
    chain,
    estimate: estimated,
    rates,
    entries: chain.counted.map((counted, place) =>
      entryOf(counted, estimated, throttled.get(place) ?? MAX_AMOUNT),
    ),
  };
}

/** The rates that budgets hold their subjects to by now, by the place of the counter. */
export function throttlesOf(
  { budgets }: RuleChain,
  standings: BudgetStandings,
): ReadonlyMap<number, number> {
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

function entryOf(
  { counter, limit, whenDegraded }: CountedLimit,
  estimated: Estimate,
  throttle: number,
): ReserveEntry {
  const { measure } = counter;
  const base = { counter, limit: Math.min(limit, throttle), whenDegraded };
  switch (measure) {
    case 'requests':
    case 'concurrency':
      return { ...base, amount: 1 };
    case 'tokens':
    case 'money':
      return { ...base, ...estimated[measure] };
    default: {
      const impossible: never = measure;
      throw new TypeError(`Unknown measure: ${impossible}`);
    }
  }
}
