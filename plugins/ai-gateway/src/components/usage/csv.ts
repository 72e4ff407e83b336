import { DateTime } from 'luxon';
import Papa from 'papaparse';
import { plainAmount, USAGE_METRIC_UNITS } from './amounts';
import type { RankedGroup } from './ranking';
import type { UsageSeries } from './series';
import { SHOWN_TOKEN_CLASSES } from './tokenClasses';

/** The series as it is shown: a row for each bucket, a column for each group, amounts exact. */
export function seriesCsv(series: UsageSeries): string {
  const unit = USAGE_METRIC_UNITS[series.metric];
  return write(
    [
      'start',
      'end',
      'complete',
      ...series.groups.map(group => `${group.label} (${unit})`),
      `Total (${unit})`,
    ],
    series.rows.map(row => [
      row.start,
      row.end,
      row.incomplete ? 'no' : 'yes',
      ...row.amounts.map(amount => plainAmount(series.metric, amount)),
      plainAmount(series.metric, row.total),
    ]),
  );
}

/** The breakdown as it is shown: a row for each group, all its figures. */
export function rankingCsv(groups: readonly RankedGroup[]): string {
  return write(
    [
      'id',
      'label',
      'requests',
      'errors',
      ...SHOWN_TOKEN_CLASSES.map(name => `${name} (tokens)`),
      'cost (USD)',
      'mean latency (ms)',
    ],
    groups.map(({ id, label, figures }) => [
      id,
      label,
      String(figures.requests),
      String(figures.errors),
      ...SHOWN_TOKEN_CLASSES.map(name => String(figures.tokens[name])),
      figures.costUsd,
      figures.latencyMs === null ? '' : String(figures.latencyMs),
    ]),
  );
}

/**
 * A file name with the first and the last day, included.
 *
 * @param what - in lower case with dashes: `cost-by-model`
 */
export function exportFileName(
  what: string,
  span: { from: string; to: string; timeZone: string },
): string {
  const day = (at: number) =>
    DateTime.fromMillis(at, { zone: span.timeZone }).toISODate();
  const first = day(Date.parse(span.from));
  const last = day(Date.parse(span.to) - 1);
  return `ai-gateway-${what}-${first}-to-${last}.csv`;
}

/** Labels are chosen by people, and a spreadsheet would run one that begins like a formula: such cells get an apostrophe. */
function write(fields: string[], data: string[][]): string {
  return Papa.unparse({ fields, data }, { escapeFormulae: true });
}
