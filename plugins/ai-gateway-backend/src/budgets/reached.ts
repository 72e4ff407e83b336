import type { NanoUsd } from '@ai-gateway/backstage-plugin-ai-gateway-common';

/** Whether so much of an amount is spent; in whole numbers, so that no threshold is seen early or late. */
export function isReached(
  percent: number,
  spent: NanoUsd,
  amount: NanoUsd,
): boolean {
  return spent * 100n >= amount * BigInt(percent);
}

/** How much of an amount is spent, in percent, to two digits after the point, rounded down. */
export function percentOf(spent: NanoUsd, amount: NanoUsd): number {
  return Number((spent * 10_000n) / amount) / 100;
}
