import type { ActualAmounts, HoldEntry } from './Limiter';
import { checkAmount } from './figures';

/** What an entry of a hold is settled at. */
export function actualOf(entry: HoldEntry, actual: ActualAmounts): number {
  const { measure, subject } = entry.counter;
  const took =
    (subject.kind === 'subscription' && actual.subscription) || actual;
  switch (measure) {
    case 'requests':
    case 'tokens':
    case 'money':
      return checkAmount(took[measure] ?? entry.granted);
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
