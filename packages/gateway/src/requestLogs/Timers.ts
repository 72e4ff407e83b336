/** Time as the batcher knows it; tests bring their own. */
export interface Timers {
  /** Milliseconds on a clock that only goes forward. */
  now(): number;
  /** Runs something once, after so many milliseconds; the answer takes it back. */
  set(afterMs: number, run: () => void): () => void;
}

/** The time of this process. */
export const SYSTEM_TIMERS: Timers = {
  now: () => performance.now(),
  set(afterMs, run) {
    const timer = setTimeout(run, afterMs);
    return () => clearTimeout(timer);
  },
};
