import type { LimitWindow } from '@ai-gateway/backstage-plugin-ai-gateway-node';

/** How the script and its caller name things to one another: all is numbers, but for the letters of windows. */

/** Stands for `null`. */
export const NONE = -1;

export const OPERATION = {
  reserve: 1,
  settle: 2,
  renew: 3,
  seed: 4,
  forget: 5,
  read: 6,
  trim: 7,
} as const;

export const OUTCOME = {
  admitted: 1,
  repeated: 2,
  refused: 3,
  needsSeed: 4,
  closed: 5,
  otherEntries: 6,
  settled: 7,
  tooLate: 8,
  renewed: 9,
  trimmed: 10,
  unknown: 11,
} as const;

/** What a key is: a counter by its window, or a hold. */
export const LETTERS: Record<LimitWindow | 'hold' | 'clock', string> = {
  minute: 'r',
  none: 'c',
  day: 'd',
  week: 'w',
  month: 'm',
  total: 't',
  hold: 'h',
  clock: '-',
};
