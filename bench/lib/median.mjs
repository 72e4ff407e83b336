// @ts-check

/**
 * @param {ReadonlyArray<number | null>} values
 * @returns {number | null} null when there is none
 */
export const median = values => {
  const sorted = values.filter(value => value !== null).sort((a, b) => a - b);
  if (sorted.length === 0) return null;
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1
    ? sorted[middle]
    : (sorted[middle - 1] + sorted[middle]) / 2;
};
