/**
 * Exact money: an integer count of nano-dollars (10⁻⁹ USD).
 *
 * A `bigint`, so that no sum, however long, ever rounds.
 *
 * @public
 */
export type NanoUsd = bigint;

/** Nano-dollars in one dollar. @public */
export const NANO_USD_PER_USD = 1_000_000_000n;

/** Digits after the point that a nano-dollar can hold. @public */
export const USD_FRACTION_DIGITS = 9;

const USD_DECIMAL = /^(-?)(\d+)(?:\.(\d+))?$/;

/**
 * Why a text is not an exact amount of dollars.
 *
 * @public
 */
export type UsdParseProblem = 'not-a-decimal' | 'too-precise';

/**
 * Reads a decimal amount of dollars, such as `0.15` or `-3`, without ever going through a float.
 *
 * @param text - digits with an optional point; no exponent, no thousands separators, no currency sign
 * @returns the amount in nano-dollars, or the problem: trailing zeros beyond the ninth digit are harmless, any other digit there is
 *   `too-precise`
 * @public
 */
export function parseUsd(
  text: string,
): { ok: true; nanoUsd: NanoUsd } | { ok: false; problem: UsdParseProblem } {
  const match = USD_DECIMAL.exec(text.trim());
  if (!match) return { ok: false, problem: 'not-a-decimal' };
  const [, sign, whole, fraction = ''] = match;
  const significant = fraction.replace(/0+$/, '');
  if (significant.length > USD_FRACTION_DIGITS) {
    return { ok: false, problem: 'too-precise' };
  }
  const magnitude =
    BigInt(whole) * NANO_USD_PER_USD +
    BigInt(significant.padEnd(USD_FRACTION_DIGITS, '0'));
  return { ok: true, nanoUsd: sign ? -magnitude : magnitude };
}

/**
 * Reads an amount that is known to be well formed, such as one this project wrote itself.
 *
 * @throws RangeError when it is not
 * @public
 */
export function usdToNano(text: string): NanoUsd {
  const parsed = parseUsd(text);
  if (!parsed.ok) {
    throw new RangeError(
      `'${text}' is not an exact amount of dollars: ${parsed.problem}`,
    );
  }
  return parsed.nanoUsd;
}

/**
 * Writes nano-dollars as the shortest exact decimal of dollars: `310000n` is `0.00031`.
 *
 * The inverse of {@link usdToNano}; this is the only form in which money crosses the API.
 *
 * @public
 */
export function nanoToUsd(nanoUsd: NanoUsd): string {
  const magnitude = nanoUsd < 0n ? -nanoUsd : nanoUsd;
  const whole = magnitude / NANO_USD_PER_USD;
  const fraction = (magnitude % NANO_USD_PER_USD)
    .toString()
    .padStart(USD_FRACTION_DIGITS, '0')
    .replace(/0+$/, '');
  return `${nanoUsd < 0n ? '-' : ''}${whole}${fraction && `.${fraction}`}`;
}
