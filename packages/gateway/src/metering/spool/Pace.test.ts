import { Pace } from './Pace';

/** Turns of an event loop, in each of which so many entries come; in which of them a write begins. */
function writesIn(turns: readonly number[], everyMs: number): number[] {
  const pace = new Pace();
  return turns.flatMap((entries, turn) => {
    const now = turn * everyMs;
    for (let n = 0; n < entries; n++) pace.came(now);
    if (!pace.isDue(now)) return [];
    pace.begins(now);
    return [turn];
  });
}

const turnsOf = (entries: number, turns: number) =>
  Array.from({ length: turns }, () => entries);

describe('Pace', () => {
  it('makes nobody wait while little comes', () => {
    expect(writesIn(turnsOf(1, 200), 0.6)).toHaveLength(200);
  });

  it('lets a crowd gather, for two milliseconds at most', () => {
    const writes = writesIn(turnsOf(2, 200), 0.25).slice(20);
    const apart = writes.slice(1).map((turn, n) => turn - writes[n]);
    expect(new Set(apart)).toEqual(new Set([8]));
  });

  it('does not wait any longer when nothing else comes', () => {
    const turns = [...turnsOf(40, 5), 0, ...turnsOf(2, 4), 0];
    expect(writesIn(turns, 0.25)).toEqual([0, 5, 10]);
  });

  it('tells a crowd from a few, and when it has gone', () => {
    const pace = new Pace();
    for (let n = 0; n < 31; n++) pace.came(n / 4);
    expect(pace.isQuiet(8)).toBe(true);
    pace.came(8);
    expect(pace.isQuiet(8)).toBe(false);
    expect(pace.isQuiet(16.5)).toBe(true);
  });
});
