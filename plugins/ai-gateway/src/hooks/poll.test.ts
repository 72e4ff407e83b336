import { startPoll } from './poll';

const EVERY_MS = 1_000;

function setHidden(hidden: boolean) {
  jest.spyOn(document, 'hidden', 'get').mockReturnValue(hidden);
  document.dispatchEvent(new Event('visibilitychange'));
}

describe('startPoll', () => {
  beforeEach(() => {
    jest.useFakeTimers();
  });

  afterEach(() => {
    jest.useRealTimers();
    jest.restoreAllMocks();
  });

  it('loads at once, and again after the interval has passed since the load ended', async () => {
    let end = () => {};
    const load = jest.fn(
      () =>
        new Promise<void>(resolve => {
          end = resolve;
        }),
    );
    const poll = startPoll({ load, everyMs: EVERY_MS });
    expect(load).toHaveBeenCalledTimes(1);

    await jest.advanceTimersByTimeAsync(5 * EVERY_MS);
    expect(load).toHaveBeenCalledTimes(1);

    end();
    await jest.advanceTimersByTimeAsync(EVERY_MS - 1);
    expect(load).toHaveBeenCalledTimes(1);
    await jest.advanceTimersByTimeAsync(1);
    expect(load).toHaveBeenCalledTimes(2);
    poll.stop();
  });

  it('loads once without an interval', async () => {
    const load = jest.fn(async () => {});
    const poll = startPoll({ load, everyMs: undefined });
    await jest.advanceTimersByTimeAsync(60_000);
    expect(load).toHaveBeenCalledTimes(1);
    poll.stop();
  });

  it('waits while the document is hidden, and loads at once when it shows again', async () => {
    const load = jest.fn(async () => {});
    const poll = startPoll({ load, everyMs: EVERY_MS });
    await jest.advanceTimersByTimeAsync(0);

    setHidden(true);
    await jest.advanceTimersByTimeAsync(10 * EVERY_MS);
    expect(load).toHaveBeenCalledTimes(1);

    setHidden(false);
    expect(load).toHaveBeenCalledTimes(2);
    poll.stop();
  });

  it('does not load early when the document shows again before a load is due', async () => {
    const load = jest.fn(async () => {});
    const poll = startPoll({ load, everyMs: EVERY_MS });
    await jest.advanceTimersByTimeAsync(0);
    setHidden(true);
    setHidden(false);
    expect(load).toHaveBeenCalledTimes(1);
    poll.stop();
  });

  it('drops the load under way when asked to load now', async () => {
    const signals: AbortSignal[] = [];
    const poll = startPoll({
      everyMs: undefined,
      load: signal => {
        signals.push(signal);
        return new Promise(() => {});
      },
    });
    poll.now();
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, false]);
    poll.stop();
  });

  it('aborts and never loads again once stopped', async () => {
    const signals: AbortSignal[] = [];
    const load = jest.fn(async (signal: AbortSignal) => {
      signals.push(signal);
    });
    const poll = startPoll({ load, everyMs: EVERY_MS });
    await jest.advanceTimersByTimeAsync(0);
    poll.stop();
    await poll.now();
    await jest.advanceTimersByTimeAsync(10 * EVERY_MS);
    expect(load).toHaveBeenCalledTimes(1);
    expect(signals[0].aborted).toBe(true);
  });
});
