import { Waits } from './Waits';

describe('waits', () => {
  let now = 0;
  const waits = () => {
    now = 100;
    return new Waits(() => now);
  };

  it('add up, by whom was waited for', () => {
    const all = waits();
    const end = all.begin('client');
    now += 5;
    end();
    now += 100;
    const again = all.begin('client');
    now += 2;
    again();
    expect(all.of('client')).toBe(7);
    expect(all.of('upstream')).toBe(0);
  });

  it('count once where they overlap', () => {
    const all = waits();
    const first = all.begin('upstream');
    now += 5;
    const second = all.begin('upstream');
    now += 5;
    first();
    now += 5;
    second();
    expect(all.of('upstream')).toBe(15);
  });

  it('end once, and are known while they last', () => {
    const all = waits();
    const end = all.begin('upstream');
    now += 5;
    expect(all.of('upstream')).toBe(5);
    end();
    end();
    now += 5;
    expect(all.of('upstream')).toBe(5);
  });
});
