import { NOWHERE } from '../collections/Bag';
import { dueIn, sweep, unsweep, type Swept } from './sweep';

describe('sweep', () => {
  it('is never early, and not late by much', async () => {
    const began = performance.now();
    const dueAt = dueIn(250);
    await new Promise<void>(resolve => {
      const once: Swept = {
        place: NOWHERE,
        sweep: now => {
          if (now < dueAt) return;
          unsweep(once);
          resolve();
        },
      };
      sweep(once);
    });
    const took = performance.now() - began;
    expect(took).toBeGreaterThanOrEqual(249);
    expect(took).toBeLessThan(1_000);
  });

  it('is no later for a time in which nothing was swept', async () => {
    const nothing: Swept = { place: NOWHERE, sweep: () => undefined };
    sweep(nothing);
    unsweep(nothing);
    await new Promise(resolve => setTimeout(resolve, 600));
    const until = dueIn(200);
    const seen: number[] = [];
    const often: Swept = { place: NOWHERE, sweep: now => seen.push(now) };
    sweep(often);
    await new Promise(resolve => setTimeout(resolve, 350));
    unsweep(often);
    expect(seen.some(now => now >= until)).toBe(true);
  });

  it('counts little of the time in which the process was busy: what came meanwhile is yet to be read', async () => {
    const dueAt = dueIn(900);
    const seen: boolean[] = [];
    const often: Swept = {
      place: NOWHERE,
      sweep: now => seen.push(now >= dueAt),
    };
    sweep(often);
    const until = performance.now() + 1_000;
    while (performance.now() < until);
    await new Promise(resolve => setTimeout(resolve, 10));
    unsweep(often);
    expect(seen).toEqual([false]);
  });
});
