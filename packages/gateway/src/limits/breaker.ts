/**
 * Whether something that fails is still tried.
 *
 * ```
 *             so many failures in a row          after a while
 *   closed ──────────────────────────────► open ──────────────► half-open
 *     ▲                                     ▲                    │     │
 *     │                                     └── the trial fails ─┘     │
 *     └──────────────────────────────────────── it succeeds ───────────┘
 * ```
 *
 * After https://martinfowler.com/bliki/CircuitBreaker.html. Half-open is one trial at a time, whose outcome is reported like any other.
 */
export type Breaker =
  | { readonly state: 'closed'; readonly failures: number }
  | { readonly state: 'open'; readonly until: number }
  | { readonly state: 'half-open' };

export interface BreakerSettings {
  /** In a row, until it opens. */
  readonly failures: number;
  /** Until it is tried again. */
  readonly openMs: number;
}

export const CLOSED: Breaker = { state: 'closed', failures: 0 };

export function succeeded(): Breaker {
  return CLOSED;
}

export function failed(
  breaker: Breaker,
  now: number,
  { failures, openMs }: BreakerSettings,
): Breaker {
  switch (breaker.state) {
    case 'closed':
      return breaker.failures + 1 < failures
        ? { state: 'closed', failures: breaker.failures + 1 }
        : { state: 'open', until: now + openMs };
    case 'open':
      // Of what was under way when it opened.
      return breaker;
    case 'half-open':
      return { state: 'open', until: now + openMs };
    default: {
      const impossible: never = breaker;
      throw new TypeError(`Unknown state: ${JSON.stringify(impossible)}`);
    }
  }
}

/** Begins a trial, if it is time for one. */
export function tried(breaker: Breaker, now: number): Breaker {
  return breaker.state === 'open' && now >= breaker.until
    ? { state: 'half-open' }
    : breaker;
}
