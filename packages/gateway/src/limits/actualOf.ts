import { isBudgetCounter } from '@ai-gateway/backstage-plugin-ai-gateway-node';
import type { ActualAmounts, HoldEntry } from './Limiter';
import { checkAmount } from './figures';

/** What an entry of a hold is settled at. */
export function actualOf(entry: HoldEntry, actual: ActualAmounts): number {
  const { counter, granted } = entry;
  const { measure, subject } = counter;
  const took =
    (subject.kind === 'subscription' && actual.subscription) || actual;
  switch (measure) {
    case 'requests': {
      const attempts = isBudgetCounter(counter) ? took.attempts : undefined;
      return checkAmount(attempts ?? took.requests ?? granted);
    }
    case 'tokens':
    case 'money':
      return checkAmount(took[measure] ?? granted);
    case 'concurrency':
      return 0;
    default: {
      const impossible: never = measure;
      throw new TypeError(`Unknown measure: ${impossible}`);
    }
  }
}

/** What a hold is settled at that is released. */
export const NOTHING: ActualAmounts = { requests: 0, tokens: 0, money: 0 };
