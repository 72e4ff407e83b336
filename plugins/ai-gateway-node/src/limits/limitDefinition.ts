import type { LimitCounter, LimitSubject } from './counters';

/**
 * What becomes of a limit while the counters that gateways share cannot be reached.
 *
 * - `share`: this gateway counts alone and admits its share, one part in as many as there are gateways: of the limit itself for what is
 *   counted by the minute or at an instant, of what the ledger says was left for the longer windows.
 * - `deny`: nothing is admitted.
 * - `cap`: as `share`, with this fraction in place of the share.
 *
 * @public
 */
export type DegradedMode =
  | { readonly mode: 'share' }
  | { readonly mode: 'deny' }
  | { readonly mode: 'cap'; readonly fraction: number };

/** How much: so much, or a part of what the subject above has. @public */
export type LimitAmount =
  | { readonly kind: 'absolute'; readonly amount: bigint }
  | { readonly kind: 'fraction'; readonly fraction: number };

/**
 * A limit as it is configured. Measure and window are texts here, because what is configured may be wrong; see `resolveLimits`.
 *
 * @public
 */
export interface LimitDefinition {
  readonly subject: LimitSubject;
  readonly measure: string;
  readonly window: string;
  readonly amount: LimitAmount;
  readonly whenDegraded?: DegradedMode;
}

/** A limit in force: so much on this counter. @public */
export interface ResolvedLimit {
  readonly counter: LimitCounter;
  readonly limit: number;
  readonly whenDegraded: DegradedMode;
}

/** Why a limit cannot be as it is configured. @public */
export type LimitProblemReason =
  | 'unknown-measure'
  | 'unknown-window'
  | 'window-does-not-fit-measure'
  | 'zero'
  | 'negative'
  | 'not-exact'
  | 'fraction-out-of-range'
  | 'fraction-without-parent'
  | 'above-parent'
  | 'degraded-fraction-out-of-range'
  | 'duplicate';

/** A limit that is refused, and why. @public */
export interface LimitProblem {
  readonly definition: LimitDefinition;
  readonly reason: LimitProblemReason;
  /** A sentence for whoever set it. */
  readonly message: string;
}
