import { LruCache } from './lru';

describe('LruCache', () => {
  it('forgets what was used longest ago', () => {
    const cache = new LruCache<string, number>({
      maxEntries: 2,
      maxWeight: 100,
      weigh: key => key.length,
    });
    cache.set('a', 1);
    cache.set('b', 2);
    cache.get('a');
    cache.set('c', 3);
    expect([cache.get('a'), cache.get('b'), cache.get('c')]).toEqual([
      1,
      undefined,
      3,
    ]);
  });

  it('holds no more weight than allowed and does not keep what alone is too heavy', () => {
    const cache = new LruCache<string, number>({
      maxEntries: 10,
      maxWeight: 5,
      weigh: key => key.length,
    });
    cache.set('aaa', 1);
    cache.set('bb', 2);
    cache.set('ccc', 3);
    cache.set('too heavy', 4);
    expect([
      cache.get('aaa'),
      cache.get('bb'),
      cache.get('ccc'),
      cache.get('too heavy'),
    ]).toEqual([undefined, 2, 3, undefined]);
  });

  it('counts the weight of a key once, however often it is set', () => {
    const cache = new LruCache<string, number>({
      maxEntries: 10,
      maxWeight: 5,
      weigh: key => key.length,
    });
    cache.set('aa', 1);
    for (let i = 0; i < 10; i++) cache.set('bb', i);
    expect(cache.size).toBe(2);
  });
});
