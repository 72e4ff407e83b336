/** A number from 0 up to but not including 1. */
export type Random = () => number;

/** Mulberry32: small, fast, and the same for the same seed. */
export function seededRandom(seed: number): Random {
  let state = Math.trunc(seed) % 0x1_0000_0000;
  return () => {
    state = (state + 0x6d2b79f5) % 0x1_0000_0000;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  };
}

/** A whole number from `least` to `most`, both included. */
export function wholeBetween(
  random: Random,
  least: number,
  most: number,
): number {
  return least + Math.floor(random() * (most - least + 1));
}

/** In another order. */
export function shuffled<T>(random: Random, items: readonly T[]): T[] {
  const result = [...items];
  for (let i = result.length - 1; i > 0; i--) {
    const j = wholeBetween(random, 0, i);
    [result[i], result[j]] = [result[j], result[i]];
  }
  return result;
}
