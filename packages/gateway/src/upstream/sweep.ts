import { Bag, type Bagged } from '../collections/Bag';

/** What has a time at which something is to be done about it, give or take a tenth of a second. */
export interface Swept extends Bagged {
  /**
   * Called now and then, until {@link unsweep}.
   *
   * @param now - by the clock that {@link dueIn} counts by
   */
  sweep(now: number): void;
}

const TICK_MS = 100;
/** However long the process was busy with something else, so much of it counts: what has come meanwhile is yet to be read. */
const MAX_TICK_MS = 3 * TICK_MS;

const swept = new Bag<Swept>();
let now = 0;
let tickedAt = 0;
let timer: NodeJS.Timeout | undefined;

/**
 * Timeouts of requests, all on one timer: nearly none ever happens, and a timer of its own for each costs more than to look at all of them
 * ten times a second. They are never early.
 */
export function sweep(what: Swept): void {
  swept.add(what);
  if (timer) return;
  tickedAt = performance.now();
  timer = setTimeout(tick, TICK_MS);
  timer.unref();
}

/** Looks no more at it. */
export function unsweep(what: Swept): void {
  swept.delete(what);
}

/** When so many milliseconds will have passed. */
export function dueIn(milliseconds: number): number {
  // While nothing is swept, the time stands still.
  const passed = timer ? sinceTick(performance.now()) : 0;
  return now + passed + milliseconds;
}

function sinceTick(at: number): number {
  return Math.min(at - tickedAt, MAX_TICK_MS);
}

function tick(): void {
  const at = performance.now();
  now += sinceTick(at);
  tickedAt = at;
  swept.forEach(what => what.sweep(now));
  if (swept.size > 0) timer?.refresh();
  else timer = undefined;
}
