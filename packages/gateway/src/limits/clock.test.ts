import fc from 'fast-check';
import { advance, CLOCK_TOLERANCE_MS, type LimiterTime } from './clock';

const at = (time: number): LimiterTime => advance(null, time, null);

describe('the time of a limiter', () => {
  it('is that of the wall clock at first, and while it runs as it should', () => {
    expect(advance(at(1000), 1500, 500)).toEqual(at(1500));
  });

  it('goes on from where it was when the wall clock is set back', () => {
    const back = advance(at(100_000), 40_000, 0);
    expect(back).toEqual({ wall: 40_000, now: 100_000, calendar: 100_000 });
    expect(advance(back, 41_000, 1000).now).toBe(101_000);
  });

  it('takes no more for passed than was measured, and a second', () => {
    expect(advance(at(0), 3_600_000, 50).now).toBe(50 + CLOCK_TOLERANCE_MS);
  });

  it('believes the wall clock of a process that has measured nothing yet', () => {
    expect(advance(at(0), 3_600_000, null).now).toBe(3_600_000);
  });

  it('never goes back, and never gains more than a second on what was measured', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(10 ** 9), fc.nat(10_000))),
        moments => {
          let time = at(5 * 10 ** 8);
          for (const [wall, since] of moments) {
            const next = advance(time, wall, since);
            expect(next.now).toBeGreaterThanOrEqual(time.now);
            expect(next.calendar).toBeGreaterThanOrEqual(time.calendar);
            expect(next.now - time.now).toBeLessThanOrEqual(
              since + CLOCK_TOLERANCE_MS,
            );
            expect(next.calendar).toBeLessThanOrEqual(
              Math.max(time.calendar, wall),
            );
            time = next;
          }
        },
      ),
    );
  });

  it('has its calendar catch up with a clock that was put right', () => {
    let time = advance(at(0), 3_600_000, 0);
    for (let second = 1; second <= 400; second += 1) {
      time = advance(time, 3_600_000 + second * 1000, 1000);
    }
    expect(time.calendar).toBe(time.wall);
  });
});
