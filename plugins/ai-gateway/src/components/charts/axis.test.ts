import fc from 'fast-check';
import { axisTicks, formatTick } from './axis';

const labels = (max: number, unit: 'nanoUsd' | 'count') => {
  const ticks = axisTicks(max);
  return ticks.map(tick => formatTick(tick, ticks, unit, 'en-US'));
};

describe('axisTicks', () => {
  it('covers every value with at most seven evenly spaced whole ticks from zero', () => {
    fc.assert(
      fc.property(fc.nat({ max: 2 ** 50 }), max => {
        const ticks = axisTicks(max);
        const step = ticks[1];
        expect(ticks[0]).toBe(0);
        expect(ticks.length).toBeGreaterThanOrEqual(2);
        expect(ticks.length).toBeLessThanOrEqual(7);
        expect(ticks[ticks.length - 1]).toBeGreaterThanOrEqual(max);
        expect(ticks[ticks.length - 1] - step).toBeLessThan(Math.max(1, max));
        ticks.forEach((tick, i) => expect(tick).toBe(i * step));
      }),
    );
  });

  it('goes to one where there is nothing', () => {
    expect(axisTicks(0)).toEqual([0, 1]);
  });
});

describe('formatTick', () => {
  it('writes dollars with the digits that the step needs', () => {
    expect(labels(13_000_000_000, 'nanoUsd')).toEqual([
      '$0',
      '$5',
      '$10',
      '$15',
    ]);
    expect(labels(900_000_000, 'nanoUsd')).toEqual([
      '$0.00',
      '$0.20',
      '$0.40',
      '$0.60',
      '$0.80',
      '$1.00',
    ]);
    expect(labels(14_000_000, 'nanoUsd')).toEqual([
      '$0.000',
      '$0.005',
      '$0.010',
      '$0.015',
    ]);
    expect(labels(310, 'nanoUsd')).toEqual([
      '$0.0000000',
      '$0.0000001',
      '$0.0000002',
      '$0.0000003',
      '$0.0000004',
    ]);
  });

  it('writes large amounts compactly', () => {
    expect(labels(2_400_000e9, 'nanoUsd')).toEqual([
      '$0',
      '$500K',
      '$1M',
      '$1.5M',
      '$2M',
      '$2.5M',
    ]);
    expect(labels(1_240_000, 'count')).toEqual(['0', '500K', '1M', '1.5M']);
    expect(labels(3, 'count')).toEqual(['0', '1', '2', '3']);
  });
});
