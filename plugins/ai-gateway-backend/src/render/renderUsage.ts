import {
  nanoToUsd,
  type UsageFigures,
  type UsageGroupBy,
  type UsageReport,
} from '@ai-gateway/backstage-plugin-ai-gateway-common';
import type { UsageSums } from '../database/usage/UsageStore';
import type { UsageSeries } from '../services/UsageService';

/** Usage over time as the API writes it. */
export function renderUsage(
  series: UsageSeries,
  query: { bucket: 'hour' | 'day'; timeZone: string; groupBy: UsageGroupBy },
): UsageReport {
  return {
    from: new Date(series.from).toISOString(),
    to: new Date(series.to).toISOString(),
    bucket: query.bucket,
    timeZone: query.timeZone,
    groupBy: query.groupBy,
    buckets: series.buckets.map(({ start, end, incomplete }) => ({
      start: new Date(start).toISOString(),
      end: new Date(end).toISOString(),
      incomplete,
    })),
    groups: series.groups.map(({ id, label, totals, points }) => ({
      id,
      label,
      totals: renderFigures(totals),
      points: points.map(renderFigures),
    })),
    totals: renderFigures(series.totals),
    previousTotals: renderFigures(series.previousTotals),
  };
}

function renderFigures(sums: UsageSums): UsageFigures {
  return {
    requests: sums.requests,
    errors: sums.errors,
    tokens: sums.tokens,
    costUsd: nanoToUsd(sums.costNanoUsd),
    latencyMs: mean(sums.latencyMsSum, sums.requests),
    timeToFirstTokenMs: mean(
      sums.timeToFirstTokenMsSum,
      sums.timeToFirstTokenCount,
    ),
  };
}

function mean(sum: number, count: number): number | null {
  return count === 0 ? null : sum / count;
}
