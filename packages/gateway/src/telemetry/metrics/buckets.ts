/** Upper bounds of histograms, in seconds. */

/** What the gateway itself takes: half a millisecond is usual, a tenth of a second is a fault. */
export const ADDED = [
  0.0005, 0.001, 0.002, 0.003, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 2,
];

/** Until something comes. */
export const FIRST_TOKEN = [
  0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1, 1.5, 2, 3, 5, 10, 30, 60, 120,
];

/** Whole requests, long streams included. */
export const DURATION = [
  0.005, 0.025, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 40, 80, 160, 320, 1_800,
];
