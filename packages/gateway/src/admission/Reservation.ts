import type { LimitCounter } from '@ai-gateway/backstage-plugin-ai-gateway-node';
import type { EntryFigures, Hold, Limiter, Violation } from '../limits/Limiter';

/** What was reserved of one counter. */
export interface ReservedEntry {
  readonly granted: number;
  readonly figures: EntryFigures;
}

/** A hold, and where. */
export interface Held {
  readonly limiter: Limiter;
  readonly hold: Hold;
}

/** What came of trying to reserve all that a plan asks for. */
export type Reservation =
  | {
      readonly kind: 'reserved';
      readonly held: readonly Held[];
      /** By the places of the plan; `null` for what could not be counted, and need not be. */
      readonly entries: readonly (ReservedEntry | null)[];
    }
  | {
      readonly kind: 'refused';
      readonly violations: readonly [Violation, ...Violation[]];
    }
  | {
      readonly kind: 'unknown';
      readonly why: 'limits_unavailable' | 'spending_unknown';
      readonly counters: readonly LimitCounter[];
      readonly retryAfterMs: number;
    };
