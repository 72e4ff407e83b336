import { checkAmount } from './figures';
import type { Hold, HoldEntry } from './Limiter';

/** What a hold keeps of an entry that is to have no more than an amount. A lease is not a part of anything: it ends when its hold is settled. */
export function keptOf(entry: HoldEntry, amount: number): number {
  return entry.counter.window === 'none'
    ? entry.granted
    : Math.min(entry.granted, amount);
}

/** A hold that keeps no more than these amounts, in the order of its entries. */
export function trimmed(hold: Hold, amounts: readonly number[]): Hold {
  return {
    ...hold,
    entries: hold.entries.map((entry, at) => ({
      ...entry,
      granted: keptOf(entry, amounts[at]),
    })),
  };
}

/** @throws TypeError for what only a bug can ask */
export function checkTrim(hold: Hold, amounts: readonly number[]): void {
  amounts.forEach(checkAmount);
  if (amounts.length !== hold.entries.length) {
    throw new TypeError(
      `${amounts.length} amounts for ${hold.entries.length} entries of hold ${hold.id}`,
    );
  }
}
