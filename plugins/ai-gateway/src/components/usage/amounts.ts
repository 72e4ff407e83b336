import {
  formatCount,
  formatUsd,
  nanoToUsd,
} from '@ai-gateway/backstage-plugin-ai-gateway-common';
import type { UsageMetric } from './figures';

/** What a reader calls a metric. */
export const USAGE_METRIC_LABELS: Record<UsageMetric, string> = {
  cost: 'Cost',
  tokens: 'Tokens',
  requests: 'Requests',
};

/** What a metric is counted in. */
export const USAGE_METRIC_UNITS: Record<UsageMetric, string> = {
  cost: 'USD',
  tokens: 'tokens',
  requests: 'requests',
};

/** An amount for people, short. */
export function formatAmount(
  metric: UsageMetric,
  amount: bigint,
  locale?: string,
): string {
  return metric === 'cost'
    ? formatUsd(nanoToUsd(amount), locale)
    : formatCount(Number(amount), locale);
}

/** An amount for people, with its unit, to the last digit. */
export function formatExactAmount(
  metric: UsageMetric,
  amount: bigint,
  locale?: string,
): string {
  if (metric === 'cost') return `$${nanoToUsd(amount)}`;
  const unit =
    amount === 1n
      ? USAGE_METRIC_UNITS[metric].slice(0, -1)
      : USAGE_METRIC_UNITS[metric];
  return `${amount.toLocaleString(locale)} ${unit}`;
}

/** An amount for machines: an exact decimal without separators. */
export function plainAmount(metric: UsageMetric, amount: bigint): string {
  return metric === 'cost' ? nanoToUsd(amount) : amount.toString();
}
