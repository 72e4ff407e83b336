import {
  OTHER_GROUP_ID,
  type UsageFigures,
  type UsageReport,
} from '@ai-gateway/backstage-plugin-ai-gateway-common';
import { amountOf, type UsageMetric } from './figures';

/** One colour of the chart, one column of the table. */
export interface SeriesGroup {
  readonly id: string;
  readonly label: string;
  /** Over the whole span. */
  readonly total: bigint;
}

/** One bar of the chart, one row of the table. */
export interface SeriesRow {
  readonly start: string;
  readonly end: string;
  /** Still growing. */
  readonly incomplete: boolean;
  /** By group, in the order of the groups; exact. */
  readonly amounts: readonly bigint[];
  /** The same for pixels only. */
  readonly heights: readonly number[];
  readonly total: bigint;
  /** All figures by group, in the order of the groups. */
  readonly points: readonly UsageFigures[];
}

/** A metric over time, by group: what the chart, the table and the export all show. */
export interface UsageSeries {
  readonly metric: UsageMetric;
  readonly groups: readonly SeriesGroup[];
  readonly rows: readonly SeriesRow[];
  readonly total: bigint;
}

/** Whether a group stands for all the rest. */
export function isRest(group: { id: string }): boolean {
  return group.id === OTHER_GROUP_ID;
}

/**
 * A metric of a report over time.
 *
 * Every bucket of the report is a row, zeros included, and none is added. Groups are in the order of the metric, the largest first and
 * the rest last.
 */
export function usageSeries(
  report: UsageReport,
  metric: UsageMetric,
): UsageSeries {
  const columns = report.groups
    .map(group => ({
      group: {
        id: group.id,
        label: groupLabel(group, report.groups),
        total: amountOf(metric, group.totals),
      },
      points: group.points,
    }))
    .sort(
      (a, b) =>
        Number(isRest(a.group)) - Number(isRest(b.group)) ||
        compare(b.group.total, a.group.total) ||
        a.group.id.localeCompare(b.group.id),
    );
  const rows = report.buckets.map(({ start, end, incomplete }, index) => {
    const points = columns.map(column => column.points[index]);
    const amounts = points.map(point => amountOf(metric, point));
    return {
      start,
      end,
      incomplete,
      amounts,
      heights: amounts.map(Number),
      total: amounts.reduce((sum, amount) => sum + amount, 0n),
      points,
    };
  });
  return {
    metric,
    groups: columns.map(column => column.group),
    rows,
    total: amountOf(metric, report.totals),
  };
}

/** The label of a group, with its id where two have the same: labels of keys are free. */
export function groupLabel(
  group: { id: string; label: string },
  all: readonly { id: string; label: string }[],
): string {
  if (isRest(group)) return 'Other';
  const isShared = all.some(
    other => other.id !== group.id && other.label === group.label,
  );
  return isShared ? `${group.label} (${group.id})` : group.label;
}

function compare(a: bigint, b: bigint): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
