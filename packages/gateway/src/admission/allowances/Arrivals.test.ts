import { Arrivals } from './Arrivals';

const SPAN = 250;

describe('Arrivals', () => {
  it('expects as many in a span as came in the one before', () => {
    const arrivals = new Arrivals(SPAN);
    for (let n = 0; n < 10; n++) arrivals.note(1, 1, n * 25);
    expect(arrivals.expected).toBe(10);

    arrivals.note(1, 1, SPAN);
    expect(arrivals.expected).toBe(10);
  });

  it('expects more at once when more come', () => {
    const arrivals = new Arrivals(SPAN);
    arrivals.note(1, 1, 0);
    for (let n = 0; n < 30; n++) arrivals.note(1, 1, SPAN + n);
    expect(arrivals.expected).toBe(30);
  });

  it('expects nothing of what came long ago', () => {
    const arrivals = new Arrivals(SPAN);
    for (let n = 0; n < 10; n++) arrivals.note(1, 1, n);
    arrivals.note(1, 1, 2 * SPAN);
    expect(arrivals.expected).toBe(1);
  });

  it('knows what a request takes, at once and then by the last ones', () => {
    const arrivals = new Arrivals(SPAN);
    arrivals.note(100, 4000, 0);
    expect(arrivals.mean).toEqual({ requests: 1, tokens: 100, money: 4000 });

    for (let n = 1; n < 40; n++) arrivals.note(200, 8000, n);
    expect(arrivals.mean.tokens).toBeGreaterThan(195);
    expect(arrivals.mean.money).toBeGreaterThan(7800);
  });
});
