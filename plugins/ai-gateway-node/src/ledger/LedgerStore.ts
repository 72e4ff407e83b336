import type { UsageEvent } from './UsageEvent';

/** Books usage. @public */
export interface LedgerStore {
  /**
   * Books events, each of them once: what was booked before, by whomever, changes nothing. Either all of a call is booked or, when it
   * rejects, nothing is.
   *
   * @returns how many of them were new
   */
  book(events: readonly UsageEvent[]): Promise<number>;

  /**
   * As {@link LedgerStore.book}, of events that are encoded already.
   *
   * @param rows - what `encodeUsageRow` makes of them, between braces and with commas between them
   */
  bookRows(rows: Buffer): Promise<number>;
}
