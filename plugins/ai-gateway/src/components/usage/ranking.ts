import type {
  UsageFigures,
  UsageReport,
} from '@ai-gateway/backstage-plugin-ai-gateway-common';
import { shareOf } from './figures';
import { isRest, type UsageSeries } from './series';

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

/** The groups of a report in the order of its series, with all their figures. */
export function rankGroups(
  report: UsageReport,
  series: UsageSeries,
): RankedGroup[] {
  const figuresById = new Map(
    report.groups.map(group => [group.id, group.totals]),
  );
  return series.groups.flatMap(({ id, label, total }) => {
    const figures = figuresById.get(id);
    if (!figures) return [];
    return {
      id,
      label,
      isRest: isRest({ id }),
      amount: total,
      share: shareOf(total, series.total),
      figures,
    };
  });
}
