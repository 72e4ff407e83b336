/** What there can be too much of. */
export type Pressure = 'requests' | 'buffered_bytes' | 'memory' | 'event_loop';

/** Where pressure begins and where it ends: apart, so that it does not flicker. */
export interface Thresholds {
  /** From this on there is too much. */
  readonly high: number;
  /** Below this there no longer is. */
  readonly low: number;
}

/** Thresholds that end at a part of what they begin at. */
export function thresholds(high: number, lowPart: number): Thresholds {
  return { high, low: high * lowPart };
}

/** Whether there is too much of something now, by what was found before. */
export function isTooMuch(
  value: number,
  { high, low }: Thresholds,
  wasTooMuch: boolean,
): boolean {
  return wasTooMuch ? value >= low : value >= high;
}
