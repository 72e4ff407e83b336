/** A deployment that may be tried, as far as a strategy looks at it. */
export interface Candidate {
  readonly id: string;
  /** Lower is tried first. */
  readonly priority: number;
  readonly weight: number;
  /** Requests under way at it. */
  readonly inFlight: number;
  /** Milliseconds, of late, until its answers begin; `null` when none has been seen. */
  readonly latencyMs: number | null;
  /** When it was last tried, by the clock that never goes back; `null` when it never was. */
  readonly triedAt: number | null;
}

/** What decides between candidates beside themselves. */
export interface Draw {
  /** From 0 to just below 1; another one each time. */
  readonly random: () => number;
  /** How many requests for the model came before this one. */
  readonly turn: number;
  /** Milliseconds of the clock that never goes back. */
  readonly now: number;
}

/** Puts candidates in the order in which they are tried. */
export type Strategy = <C extends Candidate>(
  candidates: readonly C[],
  draw: Draw,
) => readonly C[];
