import type {
  UsageFigures,
  UsageReport,
} from '@ai-gateway/backstage-plugin-ai-gateway-common';
import { amountOf, shareOf, type UsageMetric } from './figures';
import { groupLabel, isRest, type UsageSeries, usageSeries } from './series';

/** One group of the breakdown. */
export interface RankedGroup {
  readonly id: string;
  readonly label: string;
  readonly isRest: boolean;
  /** Of the metric; exact. */
  readonly amount: bigint;
  /** Of the whole, from 0 to 1; `null` of nothing. */
  readonly share: number | null;
  readonly figures: UsageFigures;
}

/** The groups of a report, those with the most of a metric first and the rest last. */
export function rankGroups(
  report: UsageReport,
  metric: UsageMetric,
  series: UsageSeries = usageSeries(report, metric),
): RankedGroup[] {
  const whole = amountOf(metric, report.totals);
  return series.groups.flatMap(({ id, total }) => {
    const group = report.groups.find(each => each.id === id);
    return group
      ? [
          {
            id,
            label: groupLabel(group, report.groups),
            isRest: isRest(group),
            amount: total,
            share: shareOf(total, whole),
            figures: group.totals,
          },
        ]
      : [];
  });
}
