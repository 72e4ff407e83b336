import { lumpOf } from './lumpOf';

const mean = { requests: 1, tokens: 100, money: 3000 };
const left = (
  measure: 'requests' | 'tokens' | 'money' | 'concurrency',
  remaining: number,
) => ({ counter: { measure }, remaining });

describe('lumpOf', () => {
  it('takes half as much again as is expected', () => {
    expect(
      lumpOf(20, mean, [
        left('requests', 1e6),
        left('tokens', 1e9),
        left('money', 1e12),
      ]),
    ).toEqual({ requests: 30, tokens: 3000, money: 90_000 });
  });

  it.each([
    ['requests', 32 * 10],
    ['tokens', 32 * 10 * 100],
    ['money', 32 * 10 * 3000],
  ] as const)(
    'takes no more than a small part of what is left of %s',
    (measure, remaining) => {
      const lump = lumpOf(20, mean, [
        left('requests', 1e6),
        left(measure, remaining),
      ]);
      expect(lump).toEqual({ requests: 10, tokens: 1000, money: 30_000 });
    },
  );

  it('takes nothing where that part is not enough for a few requests', () => {
    expect(lumpOf(20, mean, [left('requests', 32 * 4 - 1)])).toBeNull();
    expect(lumpOf(20, mean, [left('requests', 32 * 4)])).toMatchObject({
      requests: 4,
    });
    expect(lumpOf(20, mean, [left('requests', 0)])).toBeNull();
  });

  it('takes the less, the more there are that may count on the same levels', () => {
    const standings = [left('requests', 32 * 20)];
    expect(lumpOf(20, mean, standings, 1)).toMatchObject({ requests: 10 });
    expect(lumpOf(20, mean, standings, 4)).toMatchObject({ requests: 4 });
    expect(lumpOf(20, mean, standings, 5)).toBeNull();
  });

  it('takes nothing for a few', () => {
    expect(lumpOf(2, mean, [left('requests', 1e6)])).toBeNull();
  });

  it('is not held up by what requests do not take', () => {
    const free = { requests: 1, tokens: 0, money: 0 };
    expect(lumpOf(20, free, [left('money', 0), left('requests', 1e6)])).toEqual(
      { requests: 30, tokens: 0, money: 0 },
    );
  });

  it('takes nothing where requests are counted for as long as they last', () => {
    expect(lumpOf(20, mean, [left('concurrency', 1e6)])).toBeNull();
  });
});
