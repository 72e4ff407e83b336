import type { LimitCounter } from '@ai-gateway/backstage-plugin-ai-gateway-node';
import type {
  EntryFigures,
  Hold,
  HoldEntry,
  Limiter,
  Violation,
} from '../limits/Limiter';

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
      /** By the places of the plan, as are `figures`; `null` for what could not be counted, and need not be. */
      readonly entries: readonly (HoldEntry | null)[];
      readonly figures: readonly (EntryFigures | null)[];
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
