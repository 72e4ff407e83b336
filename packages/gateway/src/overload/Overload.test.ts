import { createLog } from '../telemetry/log';
import type { Load } from './LoadMeter';
import { Overload } from './Overload';
import type { Pressure } from './pressure';

const MB = 1024 * 1024;
const CALM: Load = { lagMs: 1, memoryBytes: 100 * MB, heapPart: 0.1 };

describe('overload', () => {
  let load: Load;
  let active: number;
  let shed: Pressure[];
  let overload: Overload;

  beforeEach(() => {
    jest.useFakeTimers();
    load = CALM;
    active = 100;
    shed = [];
    overload = Overload.start({
      settings: {
        maxRequests: 1_000,
        maxBufferedBytes: 10 * MB,
        maxMemoryBytes: 1_000 * MB,
        maxEventLoopLagMs: 200,
      },
      measure: () => load,
      // The one that is judged, and the others.
      activeRequests: () => active + 1,
      onShed: pressure => shed.push(pressure),
      log: createLog('silent'),
      now: () => Date.now(),
    });
  });

  afterEach(() => {
    overload.close();
    jest.useRealTimers();
  });

  const measured = (next: Partial<Load>) => {
    load = { ...CALM, ...next };
    jest.advanceTimersByTime(250);
  };

  it('refuses nothing while there is little to do', () => {
    measured({});
    expect(overload.check(MB)).toBeNull();
    expect(overload.pressure).toBeNull();
    expect(shed).toEqual([]);
  });

  it('refuses while the event loop is late, until it is well on time again', () => {
    measured({ lagMs: 250 });
    expect(overload.check(0)).toMatchObject({
      code: 'overloaded',
      status: 503,
      retryable: true,
      retryAfterSeconds: 2,
    });
    measured({ lagMs: 150 });
    expect(overload.check(0)).not.toBeNull();
    measured({ lagMs: 50 });
    expect(overload.check(0)).toBeNull();
    expect(shed).toEqual(['event_loop', 'event_loop']);
  });

  it.each([{ memoryBytes: 1_100 * MB }, { heapPart: 0.95 }])(
    'refuses while memory runs out (%j), but for a few requests, as memory may not come back by itself',
    pressing => {
      measured(pressing);
      expect(overload.check(0)?.code).toBe('overloaded');
      expect(shed).toEqual(['memory']);
      active = 3;
      expect(overload.check(0)).toBeNull();
      active = 100;
      measured({});
      expect(overload.check(0)).toBeNull();
    },
  );

  it('refuses while there are too many requests under way', () => {
    active = 1_000;
    expect(overload.check(0)?.code).toBe('overloaded');
    active = 960;
    expect(overload.check(0)?.code).toBe('overloaded');
    active = 900;
    expect(overload.check(0)).toBeNull();
    expect(shed).toEqual(['requests', 'requests']);
  });

  it('refuses a body for which there is no room', () => {
    expect(overload.check(10 * MB)).toBeNull();
    expect(overload.check(10 * MB + 1)?.code).toBe('overloaded');
    expect(shed).toEqual(['buffered_bytes']);
  });
});
