/**
 * Two clocks: the one on the wall, which is shared and may be set, and one that only ever measures what has passed.
 */
export interface Clock {
  /** Whole milliseconds since the epoch. */
  wallMs(): number;
  /** Milliseconds since some instant, never set. */
  monotonicMs(): number;
}

export const systemClock: Clock = {
  wallMs: () => Date.now(),
  monotonicMs: () => performance.now(),
};

/**
 * What a limiter takes for the time, kept with its counters.
 *
 * - `now` measures durations: slices of a minute, the lives of holds. It never goes back, and goes on while the wall clock is set back.
 * - `calendar` says which day, week and month it is. It never goes back either, but waits for a wall clock that was set back.
 */
export interface LimiterTime {
  readonly wall: number;
  readonly now: number;
  readonly calendar: number;
}

/** How much more may have passed than was measured: messages take time to arrive, clocks tick in steps. */
export const CLOCK_TOLERANCE_MS = 1000;

/** How many times faster than measured time the calendar follows a wall clock that was set forward. */
export const CALENDAR_CATCH_UP = 10;

/**
 * The time after the last, from a wall clock that may jump.
 *
 * - *A jump back* grants nothing and stops nothing: no time has passed, and it goes on from there. Windows of the calendar are not left
 *   for earlier ones.
 * - *A jump forward* is held against what was measured: no more time can have passed since the last operation, by whomever, than
 *   since the last one of the process that asks, and that process knows this from a clock that nobody sets. So a jump frees at most what
 *   a second would. The calendar follows a wall clock that is ahead at ten times its pace, so that it is right again soon after
 *   a computer slept or a wrong clock was put right, while a clock that is wrong by a month for five minutes gains fifty.
 *
 * Left open: a process that asks for the first time has measured nothing, and is believed. A jump that falls into the moment in which
 * every gateway restarts can free the rates of one minute, and can open the next calendar window early: which is then used up
 * early, so that over both windows nothing is gained.
 *
 * @param last - `null`: there is none yet
 * @param sinceMs - measured since the last operation of the process that asks; `null`: it is its first
 */
export function advance(
  last: LimiterTime | null,
  wall: number,
  sinceMs: number | null,
): LimiterTime {
  if (!last) return { wall, now: wall, calendar: wall };
  const passed = Math.min(
    Math.max(0, wall - last.wall),
    sinceMs === null ? Infinity : sinceMs + CLOCK_TOLERANCE_MS,
  );
  return {
    wall,
    now: last.now + passed,
    calendar: Math.max(
      last.calendar,
      Math.min(wall, last.calendar + CALENDAR_CATCH_UP * passed),
    ),
  };
}
