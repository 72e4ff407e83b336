import { useEffect, useMemo, useState } from 'react';
import { urlChoice, urlText, useProject, useUrlState } from '../../hooks';
import { USAGE_METRICS } from './figures';
import { resolveRange, USAGE_RANGES } from './range';

/** How a report is looked at. */
export const USAGE_VIEWS = ['chart', 'table'] as const;

/** What a report can be broken down by. */
export const USAGE_GROUPINGS = ['model', 'key', 'project'] as const;

const PARAMS = {
  range: urlChoice(USAGE_RANGES, '7d'),
  from: urlText(),
  to: urlText(),
  groupBy: urlChoice(USAGE_GROUPINGS, 'model'),
  metric: urlChoice(USAGE_METRICS, 'cost'),
  view: urlChoice(USAGE_VIEWS, 'chart'),
};

const HOUR_MS = 3_600_000;

/** The reader's zone. */
export function readerTimeZone(): string {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/**
 * What the Usage page is asked to show, from its URL.
 *
 * @returns `resolved.span` moves on with the hours
 */
export function useUsageQuery() {
  const [values, setValues] = useUrlState(PARAMS);
  const { projectId } = useProject();
  const now = useCurrentHour();
  const timeZone = readerTimeZone();
  const { range, from, to } = values;
  const resolved = useMemo(
    () => resolveRange({ range, firstDay: from, lastDay: to }, now, timeZone),
    [range, from, to, now, timeZone],
  );
  return { values, setValues, projectId, timeZone, resolved };
}

/**
 * When the running hour began, in milliseconds since the epoch. Spans do not change within an hour, so that this does for now.
 */
export function useCurrentHour(): number {
  const [hour, setHour] = useState(startOfHour);
  useEffect(() => {
    const timer = setTimeout(
      () => setHour(startOfHour()),
      hour + HOUR_MS - Date.now(),
    );
    return () => clearTimeout(timer);
  }, [hour]);
  return hour;
}

function startOfHour(): number {
  return Math.floor(Date.now() / HOUR_MS) * HOUR_MS;
}
