import type { HealthSettings } from '@ai-gateway/backstage-plugin-ai-gateway-common';

/**
 * Whether a deployment that fails is still tried.
 *
 * ```
 *             so many failures in a row,
 *             or of its last results             after a while
 *   closed ──────────────────────────────► open ──────────────► half-open
 *     ▲                                     ▲  ▲                 │  │  │
 *     │                    twice as long ───┘  └─ told nothing ──┘  │  │
 *     │                      the trial failed ──────────────────────┘  │
 *     └──────────────────────── it succeeded ──────────────────────────┘
 * ```
 *
 * After https://martinfowler.com/bliki/CircuitBreaker.html. Half-open is one trial at a time. A result that comes late, of what began before
 * it opened, changes nothing: only the trial's does.
 */
export type Breaker =
  | {
      readonly state: 'closed';
      /** In a row. */
      readonly failures: number;
      /** The last results, the newest in the lowest bit; 1 is a failure. */
      readonly results: number;
      /** How many of them there are. */
      readonly count: number;
    }
  | {
      readonly state: 'open';
      /** From then on it may be tried, by the clock that it was opened by. */
      readonly until: number;
      /** How long it has been left alone this time. */
      readonly forMs: number;
    }
  | { readonly state: 'half-open'; readonly forMs: number };

/** How many results are remembered; a part of failures says something from half of them on. */
const WINDOW = 20;
const ENOUGH = 10;
const ALL = 2 ** WINDOW - 1;

export const CLOSED: Breaker = {
  state: 'closed',
  failures: 0,
  results: 0,
  count: 0,
};

/** Whether it may be tried now. */
export function admits(breaker: Breaker, now: number): boolean {
  return (
    breaker.state === 'closed' ||
    (breaker.state === 'open' && now >= breaker.until)
  );
}

/** It is tried. A trial begins if it was open; whoever tries it must tell how that went. */
export function tried(breaker: Breaker): Breaker {
  return breaker.state === 'open'
    ? { state: 'half-open', forMs: breaker.forMs }
    : breaker;
}

/** @param trial - whether this is the result of the trial */
export function succeeded(breaker: Breaker, trial: boolean): Breaker {
  if (breaker.state !== 'closed') return trial ? CLOSED : breaker;
  return isSpotless(breaker)
    ? breaker
    : { state: 'closed', failures: 0, ...remember(breaker, 0) };
}

/** @param trial - whether this is the result of the trial */
export function failed(
  breaker: Breaker,
  trial: boolean,
  now: number,
  settings: HealthSettings,
): Breaker {
  if (breaker.state !== 'closed') {
    return trial && breaker.state === 'half-open'
      ? opened(now, Math.min(breaker.forMs * 2, settings.maxOpenMs))
      : breaker;
  }
  const next = {
    ...breaker,
    failures: breaker.failures + 1,
    ...remember(breaker, 1),
  };
  const opens =
    next.failures >= settings.failures ||
    (next.count >= ENOUGH &&
      settings.failurePercent < 100 &&
      (ones(next.results) * 100) / next.count >= settings.failurePercent);
  return opens
    ? opened(now, Math.min(settings.openMs, settings.maxOpenMs))
    : next;
}

/** The trial told nothing, since its client hung up: another may begin at once. */
export function abandoned(breaker: Breaker, now: number): Breaker {
  return breaker.state === 'half-open'
    ? { state: 'open', until: now, forMs: breaker.forMs }
    : breaker;
}

/** Something else than a request has found it alive: it may be tried at once. */
export function foundAlive(breaker: Breaker, now: number): Breaker {
  return breaker.state === 'open' && breaker.until > now
    ? { ...breaker, until: now }
    : breaker;
}

/** Whether nothing but successes is remembered, so that another adds nothing. */
function isSpotless({
  failures,
  results,
  count,
}: Extract<Breaker, { state: 'closed' }>): boolean {
  return failures === 0 && results === 0 && count === WINDOW;
}

function opened(now: number, forMs: number): Breaker {
  return { state: 'open', until: now + forMs, forMs };
}

function remember(
  { results, count }: { readonly results: number; readonly count: number },
  result: 0 | 1,
): { readonly results: number; readonly count: number } {
  return {
    results: ((results << 1) | result) & ALL,
    count: Math.min(count + 1, WINDOW),
  };
}

function ones(bits: number): number {
  let count = 0;
  for (let rest = bits; rest !== 0; rest &= rest - 1) count += 1;
  return count;
}
