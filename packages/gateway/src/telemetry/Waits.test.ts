import { Waits } from './Waits';

describe('waits', () => {
  let now = 0;
  const waits = () => {
    now = 100;
    return new Waits(() => now);
  };

  it('add up, by whom was waited for', () => {
    const all = waits();
    all.begin('client');
    now += 5;
    all.end('client');
    now += 100;
    all.begin('client');
    now += 2;
    all.end('client');
    expect(all.of('client')).toBe(7);
    expect(all.of('upstream')).toBe(0);
  });

  it('count once where they overlap', () => {
    const all = waits();
    all.begin('upstream');
    now += 5;
    all.begin('upstream');
    now += 5;
    all.end('upstream');
    now += 5;
    all.end('upstream');
    expect(all.of('upstream')).toBe(15);
  });

  it('end once, and are known while they last', () => {
    const all = waits();
    all.begin('upstream');
    now += 5;
    expect(all.of('upstream')).toBe(5);
    all.end('upstream');
    now += 5;
    all.end('upstream');
    expect(all.of('upstream')).toBe(5);
    all.begin('upstream');
    now += 5;
    all.end('upstream');
    expect(all.of('upstream')).toBe(10);
  });
});
