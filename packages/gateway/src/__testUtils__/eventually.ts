/**
 * Waits until a condition holds, looking again every few milliseconds.
 *
 * @throws what the last look threw, or that it was in vain
 */
export async function eventually<T>(
  look: () => T | Promise<T>,
  { withinMs = 5_000 }: { withinMs?: number } = {},
): Promise<NonNullable<T>> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    let failure: unknown;
    try {
      const seen = await look();
      if (seen !== undefined && seen !== null && seen !== false) return seen;
    } catch (error) {
      failure = error;
    }
    if (performance.now() > deadline) {
      throw failure ?? new Error(`Not within ${withinMs} ms: ${look}`);
    }
    await new Promise(resolve => setTimeout(resolve, 15));
  }
}
