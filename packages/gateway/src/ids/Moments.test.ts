import { Moments } from './Moments';

describe('Moments', () => {
  const seen = (moments: Moments, count: number) =>
    Array.from({ length: count }, () => {
      const isNew = moments.advance();
      return [moments.time, moments.counter, isNew];
    });

  it('count up within a millisecond, and start anew with the next', () => {
    let now = 5;
    const moments = new Moments(
      () => now,
      () => 3,
      4,
    );
    expect(seen(moments, 2)).toEqual([
      [5, 3, true],
      [5, 4, false],
    ]);
    now = 7;
    expect(seen(moments, 1)).toEqual([[7, 3, true]]);
  });

  it('go on from the last time while the clock stands before it', () => {
    let now = 5;
    const moments = new Moments(
      () => now,
      () => 0,
      4,
    );
    moments.advance();
    now = 2;
    expect(seen(moments, 1)).toEqual([[5, 1, false]]);
  });

  it('go on to the next millisecond when one is used up', () => {
    const moments = new Moments(
      () => 5,
      () => 6,
      3,
    );
    expect(seen(moments, 4)).toEqual([
      [5, 6, true],
      [5, 7, false],
      [6, 6, true],
      [6, 7, false],
    ]);
  });
});
