import type { UsageGroupBy } from '@ai-gateway/backstage-plugin-ai-gateway-common';
import type { Span } from '../../usage/pieces';
import type { UsageFilter } from './UsageStore';

/** By what a report tells usage apart, in grouping or in filtering. */
export type Grain = 'project' | 'model' | 'key';

/** The coarsest sums that still tell apart what is asked for. */
export function grainOf(
  filter: UsageFilter,
  groupBy: UsageGroupBy | null,
): Grain {
  if (groupBy === 'key' || filter.apiKeyId !== undefined) return 'key';
  if (groupBy === 'model' || filter.modelId !== undefined) return 'model';
  return 'project';
}

/** Whether there are sums by month, which are kept of keys alone, and of all their models together. */
export function hasMonths(
  grain: Grain,
  filter: UsageFilter,
  groupBy: UsageGroupBy | null,
): boolean {
  return grain === 'key' && groupBy !== 'model' && filter.modelId === undefined;
}

/**
 * A query for the sums of a grain and span: when they start as `start`, and of `project_id`, `model_id` and `api_key_id` those that the grain
 * tells apart.
 *
 * @param perProject - whether projects are to be told apart
 */
export function usageSource(
  grain: Grain,
  span: Span,
  perProject: boolean,
): string {
  switch (grain) {
    case 'key':
      return span === 'month'
        ? rollup('key', span, 'group_id AS api_key_id')
        : finest(span);
    case 'model':
      if (!perProject) return rollup('model', span, 'group_id AS model_id');
      return span === 'day'
        ? rollup('project-model', span, 'group_id AS model_id')
        : finest(span);
    case 'project':
      return rollup('project', span, 'NULL');
    default: {
      const impossible: never = grain;
      throw new TypeError(`Unknown grain: ${impossible}`);
    }
  }
}

function finest(span: Span): string {
  return span === 'day'
    ? 'SELECT day AS start, * FROM usage_daily'
    : 'SELECT hour AS start, * FROM usage_hourly';
}

function rollup(grain: string, span: Span, group: string): string {
  return `SELECT *, ${group} FROM usage_rollups WHERE grain = '${grain}' AND span = '${span}'`;
}
