import fc from 'fast-check';
import { windowEndOf, windowStartOf } from './windows';

const at = (text: string) => Date.parse(text);

describe('calendar windows', () => {
  it.each([
    ['day', '2026-03-01T23:59:59.999Z', '2026-03-01', '2026-03-02'],
    ['week', '2026-03-01T12:00:00Z', '2026-02-23', '2026-03-02'],
    ['week', '2026-03-02T00:00:00Z', '2026-03-02', '2026-03-09'],
    ['month', '2028-02-29T01:00:00Z', '2028-02-01', '2028-03-01'],
    ['month', '2026-12-31T23:59:59Z', '2026-12-01', '2027-01-01'],
  ] as const)('the %s of %s runs from %s to %s', (window, time, from, to) => {
    const start = windowStartOf(window, at(time));
    expect(new Date(start).toISOString().slice(0, 10)).toBe(from);
    expect(windowEndOf(window, start)).toBe(at(to));
  });

  it('never ends a total', () => {
    expect(windowStartOf('total', at('2026-03-01'))).toBe(0);
    expect(windowEndOf('total', 0)).toBeNull();
  });

  it('covers all of time without a gap or an overlap', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('day', 'week', 'month'),
        fc.integer({ min: 0, max: at('2200-01-01') }),
        (window, time) => {
          const start = windowStartOf(window, time);
          const end = windowEndOf(window, start) ?? NaN;
          expect(start).toBeLessThanOrEqual(time);
          expect(end).toBeGreaterThan(time);
          expect(windowStartOf(window, end)).toBe(end);
          expect(windowStartOf(window, end - 1)).toBe(start);
        },
      ),
    );
  });
});
