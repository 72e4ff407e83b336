import type { Fault } from './kinds';

/** A count as the client is told it, which may be no count at all. */
export type ToldCount = number | string | null;

/** A true count, or what a fault makes of it. */
export function tellCount(count: number, fault: Fault | undefined): ToldCount {
  if (fault?.kind === 'zero-usage') return 0;
  if (fault?.kind !== 'absurd-usage') return count;
  switch (fault.parameters.form) {
    case 1:
      // Beyond what a double, and a 64-bit integer of micro-units, can count.
      return 1e18 + count;
    case 2:
      return -1 - count;
    case 3:
      return count + 0.5;
    case 4:
      return String(count);
    default:
      return null;
  }
}
