import type { ActualAmounts, HoldEntry } from './Limiter';
import { checkAmount } from './figures';

/** What an entry of a hold is settled at. */
export function actualOf(entry: HoldEntry, actual: ActualAmounts): number {
  const { measure } = entry.counter;
  switch (measure) {
    case 'requests':
    case 'tokens':
    case 'money':
      return checkAmount(actual[measure] ?? entry.granted);
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
