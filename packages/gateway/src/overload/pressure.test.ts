import { isTooMuch, thresholds } from './pressure';

describe('pressure', () => {
  const limits = thresholds(100, 0.8);

  it('begins at the one threshold and ends below the other', () => {
    let tooMuch = false;
    const seen = [99, 100, 90, 80, 79, 90, 99].map(value => {
      tooMuch = isTooMuch(value, limits, tooMuch);
      return tooMuch;
    });
    expect(seen).toEqual([false, true, true, true, false, false, false]);
  });
});
