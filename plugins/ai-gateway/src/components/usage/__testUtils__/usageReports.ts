import type {
  UsageFigures,
  UsageReport,
} from '@ai-gateway/backstage-plugin-ai-gateway-common';
import { sumFigures } from '../figures';

const HOUR_MS = 3_600_000;

/** Figures of which only some matter to a test. */
export function figuresOf(
  some: Partial<Omit<UsageFigures, 'tokens'>> & {
    tokens?: Partial<UsageFigures['tokens']>;
  } = {},
): UsageFigures {
  const nothing = sumFigures([]);
  return { ...nothing, ...some, tokens: { ...nothing.tokens, ...some.tokens } };
}

/**
 * A report of hours whose totals follow from its points.
 *
 * @param groups - the points of each group by its id; all must be of one length
 */
export function reportOf(
  groups: Record<string, readonly UsageFigures[]>,
  some: Partial<UsageReport> = {},
): UsageReport {
  const start = Date.parse('2030-01-31T08:00:00Z');
  const at = (hours: number) => new Date(start + hours * HOUR_MS).toISOString();
  const all = Object.values(groups);
  const length = all[0]?.length ?? 1;
  return {
    from: at(0),
    to: at(length),
    bucket: 'hour',
    timeZone: 'UTC',
    groupBy: 'model',
    buckets: Array.from({ length }, (_, index) => ({
      start: at(index),
      end: at(index + 1),
      incomplete: index === length - 1,
    })),
    groups: Object.entries(groups).map(([id, points]) => ({
      id,
      label: id,
      totals: sumFigures(points),
      points: [...points],
    })),
    totals: sumFigures(all.flat()),
    previousTotals: sumFigures([]),
    ...some,
  };
}
