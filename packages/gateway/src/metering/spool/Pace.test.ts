import { Pace } from './Pace';

/** Events that come at a rate, each written at once unless it has to wait; how long they had to. */
function waitsAt(perSecond: number): number[] {
  const pace = new Pace();
  return Array.from({ length: 200 }, (_, n) => {
    const now = (n * 1_000) / perSecond;
    pace.came(now);
    const waitMs = pace.waitMs(now);
    if (waitMs === 0) pace.begins(now);
    return waitMs;
  });
}

describe('Pace', () => {
  it('makes nobody wait while few events come', () => {
    expect(Math.max(...waitsAt(100))).toBe(0);
    expect(Math.max(...waitsAt(900))).toBe(0);
  });

  it('lets a crowd gather, and makes nobody wait for long', () => {
    const waits = waitsAt(10_000).slice(100);
    expect(waits.filter(waitMs => waitMs === 0)).toHaveLength(5);
    expect(Math.max(...waits)).toBeLessThan(2);
  });
});
