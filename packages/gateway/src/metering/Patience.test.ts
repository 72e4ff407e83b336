import { Patience } from './Patience';

/** Work that is done when it is told so. */
function work() {
  let done: () => void = () => undefined;
  const promise = new Promise<void>(resolve => {
    done = resolve;
  });
  return { promise, done };
}

describe('Patience', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  it('tells whether work was done in time', async () => {
    const patience = new Patience(1_000);
    const quick = work();
    const slow = work();
    const waits = [patience.within(quick.promise)];
    await jest.advanceTimersByTimeAsync(600);
    waits.push(patience.within(slow.promise));
    quick.done();
    await jest.advanceTimersByTimeAsync(1_000);
    slow.done();
    expect(await Promise.all(waits)).toEqual([true, false]);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('waits as long for those who come late to the same work', async () => {
    const patience = new Patience(1_000);
    const { promise, done } = work();
    const first = patience.within(promise);
    expect(patience.within(promise)).toBe(first);
    await jest.advanceTimersByTimeAsync(900);
    const late = patience.within(promise);
    await jest.advanceTimersByTimeAsync(900);
    expect(await first).toBe(false);
    done();
    expect(await late).toBe(true);
  });

  it('has one timer for all', async () => {
    const patience = new Patience(1_000);
    for (let n = 0; n < 10; n++) void patience.within(work().promise);
    expect(jest.getTimerCount()).toBe(1);
    await jest.advanceTimersByTimeAsync(1_000);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('looks at all, in whatever order they came to be held', async () => {
    const patience = new Patience(1_000);
    const [first, second, third] = [work(), work(), work()];
    void patience.within(first.promise);
    await jest.advanceTimersByTimeAsync(100);
    const ofSecond = patience.within(second.promise);
    await jest.advanceTimersByTimeAsync(800);
    const ofThird = patience.within(third.promise);
    first.done();
    let told: boolean | undefined;
    void ofSecond.then(inTime => {
      told = inTime;
    });
    await jest.advanceTimersByTimeAsync(300);
    expect(told).toBe(false);
    third.done();
    expect(await ofThird).toBe(true);
  });
});
