import type { BudgetWindow } from './counters';

const DAY_MS = 86_400_000;
const WEEK_MS = 7 * DAY_MS;
/** The first Monday of the epoch, which began on a Thursday. */
const FIRST_MONDAY_MS = 4 * DAY_MS;

/** When the window that holds an instant began. Milliseconds since the epoch; UTC; `total` began at 0. @public */
export function windowStartOf(window: BudgetWindow, at: number): number {
  switch (window) {
    case 'day':
      return Math.floor(at / DAY_MS) * DAY_MS;
    case 'week':
      return (
        Math.floor((at - FIRST_MONDAY_MS) / WEEK_MS) * WEEK_MS + FIRST_MONDAY_MS
      );
    case 'month': {
      const date = new Date(at);
      return Date.UTC(date.getUTCFullYear(), date.getUTCMonth());
    }
    case 'total':
      return 0;
    default:
      return impossible(window);
  }
}

/** When a window ends, which is when the next begins; `null`: never. @public */
export function windowEndOf(
  window: BudgetWindow,
  start: number,
): number | null {
  switch (window) {
    case 'day':
      return start + DAY_MS;
    case 'week':
      return start + WEEK_MS;
    case 'month': {
      const date = new Date(start);
      return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1);
    }
    case 'total':
      return null;
    default:
      return impossible(window);
  }
}

function impossible(window: never): never {
  throw new TypeError(`Unknown window: ${window}`);
}
