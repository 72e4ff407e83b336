/** A straight line through points. */
export interface LinearFit {
  /** Per unit of x. */
  readonly slope: number;
  readonly intercept: number;
  /** How much of the spread the line explains, from 0 to 1: a slope with a low one is noise. */
  readonly r2: number;
}

/**
 * Least squares.
 *
 * @throws RangeError when there are fewer than two different x
 */
export function linearFit(
  points: ReadonlyArray<{ readonly x: number; readonly y: number }>,
): LinearFit {
  const n = points.length;
  const meanX = points.reduce((sum, { x }) => sum + x, 0) / n;
  const meanY = points.reduce((sum, { y }) => sum + y, 0) / n;
  let xx = 0;
  let xy = 0;
  let yy = 0;
  for (const { x, y } of points) {
    xx += (x - meanX) ** 2;
    xy += (x - meanX) * (y - meanY);
    yy += (y - meanY) ** 2;
  }
  if (!(xx > 0)) throw new RangeError('A line needs two points');
  const slope = xy / xx;
  return {
    slope,
    intercept: meanY - slope * meanX,
    r2: yy === 0 ? 1 : (xy * xy) / (xx * yy),
  };
}
