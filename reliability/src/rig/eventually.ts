import { setTimeout as delay } from 'node:timers/promises';

const EVERY_MS = 20;

/**
 * Waits until a look sees something.
 *
 * @returns what was seen; `undefined` when it was not seen in time
 */
export async function eventually<T>(
  look: () => Promise<T | undefined | false> | T | undefined | false,
  options: { withinMs: number; everyMs?: number; signal?: AbortSignal },
): Promise<T | undefined> {
  const deadline = performance.now() + options.withinMs;
  for (;;) {
    options.signal?.throwIfAborted();
    try {
      const seen = await look();
      if (seen !== undefined && seen !== false) return seen;
    } catch {
      // Not yet: what is asked may be down.
    }
    if (performance.now() > deadline) return undefined;
    await delay(options.everyMs ?? EVERY_MS);
  }
}
