import { healthSettingsSchema } from '@ai-gateway/backstage-plugin-ai-gateway-common';
import fc from 'fast-check';
import {
  abandoned,
  admits,
  CLOSED,
  failed,
  foundAlive,
  succeeded,
  tried,
  type Breaker,
} from './breaker';

const settings = healthSettingsSchema.parse({
  failures: 3,
  openMs: 1_000,
  maxOpenMs: 3_000,
});
const fail = (breaker: Breaker, now: number = 0) =>
  failed(breaker, false, now, settings);
const after = (results: string, from: Breaker = CLOSED) =>
  [...results].reduce(
    (breaker, result) =>
      result === 'x' ? fail(breaker) : succeeded(breaker, false),
    from,
  );
const OPEN = after('xxx');

describe('a breaker', () => {
  it('opens after so many failures in a row', () => {
    expect(after('xx').state).toBe('closed');
    expect(after('xx.xx').state).toBe('closed');
    expect(OPEN).toEqual({ state: 'open', until: 1_000, forMs: 1_000 });
  });

  it('opens when so many of its last results are failures, once there are ten', () => {
    expect(after('x.x.x.x.x').state).toBe('closed');
    expect(after('x.x.x.x..x').state).toBe('open');
    // Those of long ago are forgotten.
    expect(after(`x.x.x.x..${'.'.repeat(20)}x.x.x.x`).state).toBe('closed');
  });

  it('goes only by failures in a row when told so', () => {
    const only = { ...settings, failurePercent: 100 };
    let breaker = CLOSED;
    for (let n = 0; n < 100; n += 1) {
      breaker = failed(breaker, false, 0, only);
      breaker = failed(breaker, false, 0, only);
      breaker = succeeded(breaker, false);
    }
    expect(breaker.state).toBe('closed');
  });

  it('admits nothing while it is open, then one trial, and all once that succeeds', () => {
    expect(admits(OPEN, 999)).toBe(false);
    expect(admits(OPEN, 1_000)).toBe(true);
    const trial = tried(OPEN);
    expect(admits(trial, 1_000_000)).toBe(false);
    expect(succeeded(trial, true)).toEqual(CLOSED);
  });

  it('is open for twice as long each time that the trial fails, up to the most that is set', () => {
    let breaker = OPEN;
    const lengths = [];
    for (let n = 0; n < 4; n += 1) {
      breaker = failed(tried(breaker), true, 0, settings);
      lengths.push(breaker.state === 'open' && breaker.forMs);
    }
    expect(lengths).toEqual([2_000, 3_000, 3_000, 3_000]);
  });

  it('hears nothing of what began before it opened', () => {
    expect(fail(OPEN, 500)).toBe(OPEN);
    expect(succeeded(OPEN, false)).toBe(OPEN);
    const trial = tried(OPEN);
    expect(fail(trial)).toBe(trial);
    expect(succeeded(trial, false)).toBe(trial);
  });

  it('lets another trial begin when one tells nothing, or when it was found alive', () => {
    expect(admits(abandoned(tried(OPEN), 1_100), 1_100)).toBe(true);
    expect(admits(foundAlive(OPEN, 100), 100)).toBe(true);
    expect(foundAlive(CLOSED, 100)).toBe(CLOSED);
  });

  it('never has two trials at a time, and never stays shut for good', () => {
    const step = fc.constantFrom('begin', 'succeed', 'fail', 'abandon', 'wait');
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), steps => {
        let breaker = CLOSED;
        let now = 0;
        /** Of each under way, whether it is the trial. */
        const underWay: boolean[] = [];
        for (const what of steps) {
          if (what === 'wait') now += 500;
          if (what === 'begin' && admits(breaker, now)) {
            underWay.push(breaker.state === 'open');
            breaker = tried(breaker);
          }
          const trial =
            what === 'begin' || what === 'wait' ? undefined : underWay.shift();
          if (trial !== undefined) {
            if (what === 'succeed') breaker = succeeded(breaker, trial);
            if (what === 'fail')
              breaker = failed(breaker, trial, now, settings);
            if (what === 'abandon' && trial) breaker = abandoned(breaker, now);
          }
          expect(underWay.filter(Boolean).length).toBeLessThanOrEqual(1);
          const isShut = !admits(breaker, now + settings.maxOpenMs);
          expect(isShut && !underWay.some(Boolean)).toBe(false);
        }
      }),
    );
  });
});
