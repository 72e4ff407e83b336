import { nextDelay } from './backoff';

describe('the delay before a worker is started again', () => {
  it('doubles as long as it dies soon, up to a bound, and starts anew once one has lived', () => {
    let delay = 0;
    const delays = Array.from({ length: 9 }, () => {
      delay = nextDelay(delay, 1_000);
      return delay;
    });
    expect(delays).toEqual([
      250, 500, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000, 15_000,
    ]);
    expect(nextDelay(delay, 60_000)).toBe(250);
  });
});
