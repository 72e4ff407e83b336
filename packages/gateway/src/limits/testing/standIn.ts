import type { Limiter } from '../Limiter';

/**
 * A limiter that asks another one.
 *
 * @param current - which: asked anew each time
 * @param own - what it does in its own way
 */
export function standIn(
  current: () => Limiter,
  own: Partial<Limiter> = {},
): Limiter {
  return {
    reserve: request => current().reserve(request),
    settle: (hold, actual) => current().settle(hold, actual),
    release: hold => current().release(hold),
    trim: (hold, amounts) => current().trim(hold, amounts),
    renew: (holds, ttlMs) => current().renew(holds, ttlMs),
    seed: seeds => current().seed(seeds),
    forget: counters => current().forget(counters),
    read: counters => current().read(counters),
    ...own,
  };
}
