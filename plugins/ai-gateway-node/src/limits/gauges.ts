import {
  LIMIT_MEASURES,
  LIMIT_WINDOWS,
  WINDOWS_OF_MEASURE,
  type LimitGauge,
  type LimitMeasure,
  type LimitWindow,
} from './counters';

const GAUGES: readonly LimitGauge[] = [
  ...(['requests', 'tokens'] as const).flatMap(measure =>
    WINDOWS_OF_MEASURE[measure].map(window => ({ measure, window })),
  ),
  ...WINDOWS_OF_MEASURE.money.map(window => ({
    measure: 'money' as const,
    window,
  })),
  { measure: 'concurrency', window: 'none' },
];

/** A measure and a window together; `undefined` when they do not go together. @public */
export function gaugeOf(
  measure: LimitMeasure,
  window: LimitWindow,
): LimitGauge | undefined {
  return GAUGES.find(g => g.measure === measure && g.window === window);
}

/** A measure and a window from texts that may be anything, or why they are not such. @public */
export function readGauge(
  measure: string,
  window: string,
):
  | LimitGauge
  | 'unknown-measure'
  | 'unknown-window'
  | 'window-does-not-fit-measure' {
  const knownMeasure = LIMIT_MEASURES.find(known => known === measure);
  if (!knownMeasure) return 'unknown-measure';
  const knownWindow = LIMIT_WINDOWS.find(known => known === window);
  if (!knownWindow) return 'unknown-window';
  return gaugeOf(knownMeasure, knownWindow) ?? 'window-does-not-fit-measure';
}
