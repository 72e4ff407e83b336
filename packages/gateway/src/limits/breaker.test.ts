import { CLOSED, failed, succeeded, tried, type Breaker } from './breaker';

const settings = { failures: 3, openMs: 1000 };
const after = (failures: number): Breaker => {
  let breaker = CLOSED;
  for (let n = 0; n < failures; n += 1) breaker = failed(breaker, 0, settings);
  return breaker;
};

describe('breaker', () => {
  it('opens after so many failures in a row', () => {
    expect(after(2).state).toBe('closed');
    expect(after(3)).toEqual({ state: 'open', until: 1000 });
  });

  it('begins to count anew with a success', () => {
    expect(succeeded()).toEqual({ state: 'closed', failures: 0 });
  });

  it('is tried once its time has come', () => {
    expect(tried(after(3), 999).state).toBe('open');
    expect(tried(after(3), 1000).state).toBe('half-open');
    expect(tried(CLOSED, 1000)).toBe(CLOSED);
  });

  it('opens again when the trial fails', () => {
    expect(failed(tried(after(3), 1000), 1500, settings)).toEqual({
      state: 'open',
      until: 2500,
    });
  });

  it('is not held open by what was under way when it opened', () => {
    expect(failed(after(3), 900, settings)).toEqual(after(3));
  });
});
