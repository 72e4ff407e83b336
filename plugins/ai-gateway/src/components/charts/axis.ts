import { nanoToUsd } from '@ai-gateway/backstage-plugin-ai-gateway-common';

/** What an axis counts: nano-dollars, or whole things such as tokens. */
export type AxisUnit = 'nanoUsd' | 'count';

/** Steps that people count in; a nano-dollar and a token cannot be split, so no step is below 1. */
const STEPS = [1, 2, 5] as const;
const MOST_STEPS = 6;

/**
 * Where an axis from zero has its ticks: round numbers, the last at or above the maximum. An axis without values goes to one.
 *
 * @param max - the largest value, in the axis's unit
 */
export function axisTicks(max: number): number[] {
  const step = axisStep(max);
  const count = Math.max(1, Math.ceil(max / step));
  return Array.from({ length: count + 1 }, (_, i) => i * step);
}

function axisStep(max: number): number {
  for (let decade = 1; ; decade *= 10) {
    for (const step of STEPS) {
      if (step * decade * MOST_STEPS >= max) return step * decade;
    }
  }
}

/**
 * A tick for people; all ticks of an axis have the same number of digits after the point.
 *
 * @param tick - one of {@link axisTicks}
 * @param ticks - all of them
 * @param locale - a BCP 47 tag; the reader's own when left out
 */
export function formatTick(
  tick: number,
  ticks: readonly number[],
  unit: AxisUnit,
  locale?: string,
): string {
  const top = ticks[ticks.length - 1];
  if (unit === 'count') {
    return new Intl.NumberFormat(
      locale,
      top < 10_000 ? {} : { notation: 'compact' },
    ).format(tick);
  }
  const compact = top >= 10_000e9;
  const digits = compact ? undefined : fractionDigits(ticks[1]);
  return new Intl.NumberFormat(locale, {
    style: 'currency',
    currency: 'USD',
    ...(compact
      ? { notation: 'compact', minimumFractionDigits: 0 }
      : { minimumFractionDigits: digits, maximumFractionDigits: digits }),
    // A decimal string is formatted exactly; the cast only widens the library's literal type.
  }).format(nanoToUsd(BigInt(tick)) as `${number}`);
}

/** Whole dollars show none, cents two, less as many as the step needs. */
function fractionDigits(stepNanoUsd: number): number {
  const [, fraction = ''] = nanoToUsd(BigInt(stepNanoUsd)).split('.');
  return fraction.length === 1 ? 2 : fraction.length;
}
