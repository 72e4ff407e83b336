import type { ActualAmounts } from '../limits/Limiter';

/** What was reserved for one request, wherever. */
export interface Settleable {
  /** Called once, at the end of the request. What it returns is over when it is settled; it does not fail. */
  settle(actual: ActualAmounts): Promise<void> | void;
}
