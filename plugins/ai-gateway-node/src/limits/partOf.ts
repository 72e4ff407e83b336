/**
 * A part of an amount, rounded down, and at least 1 of what is not nothing.
 *
 * Worked out in whole numbers: a fraction is taken to the ninth decimal, so that a tenth of 30 is 3 and of 2⁵³ − 1 exact.
 *
 * @public
 */
export function partOf(amount: number, fraction: number): number {
  if (amount === 0) return 0;
  const billionths = BigInt(Math.round(fraction * 1e9));
  const part = Number((BigInt(amount) * billionths) / 1_000_000_000n);
  return Math.max(1, part);
}
