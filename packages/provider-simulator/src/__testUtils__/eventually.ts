import { setImmediate as nextTurn } from 'node:timers/promises';

/** Waits until `read` gives what `wanted` accepts; what it gave last is in the error if that never comes. */
export async function eventually<T>(
  read: () => T,
  wanted: (value: T) => boolean,
  withinMs = 2_000,
): Promise<T> {
  const until = performance.now() + withinMs;
  for (;;) {
    const value = read();
    if (wanted(value)) return value;
    if (performance.now() > until)
      throw new Error(`still ${JSON.stringify(value)} after ${withinMs} ms`);
    await nextTurn();
  }
}
