import { linearFit } from './linearFit';
import { percentile } from './percentile';

describe('linearFit', () => {
  it('finds the line that points are on', () => {
    const fit = linearFit([1, 2, 3, 7].map(x => ({ x, y: 3 * x + 4 })));
    expect(fit.slope).toBeCloseTo(3);
    expect(fit.intercept).toBeCloseTo(4);
    expect(fit.r2).toBeCloseTo(1);
  });

  it('says by r² when there is no line to speak of', () => {
    const points = [5, 1, 6, 2, 5, 1].map((y, x) => ({ x, y }));
    expect(linearFit(points).r2).toBeLessThan(0.2);
  });

  it('refuses fewer than two different points', () => {
    expect(() => linearFit([{ x: 1, y: 1 }])).toThrow(RangeError);
  });
});

describe('percentile', () => {
  it('is one of the values, that so many percent are not above', () => {
    const values = Array.from({ length: 100 }, (_, index) => 100 - index);
    expect(percentile(values, 50)).toBe(50);
    expect(percentile(values, 99)).toBe(99);
    expect(percentile(values, 100)).toBe(100);
    expect(percentile([], 50)).toBeNaN();
  });
});
