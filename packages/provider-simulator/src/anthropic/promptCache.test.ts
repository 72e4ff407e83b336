import { PromptCache } from './promptCache';
import type { Segment } from './promptSegments';

const part = (key: string, cache?: Segment['cache']): Segment => ({
  key,
  tokens: 10,
  cache,
});

describe('PromptCache', () => {
  let now = 0;
  let cache: PromptCache;
  beforeEach(() => {
    now = 0;
    cache = new PromptCache(() => now);
  });
  const use = (...segments: Segment[]) => cache.use('m', segments);

  it('neither reads nor writes what is not marked', () => {
    expect(use(part('a'), part('b'))).toEqual({
      read: 0,
      written5m: 0,
      written1h: 0,
    });
    expect(use(part('a', '5m'))).toMatchObject({ read: 0, written5m: 10 });
  });

  it('reads the prefix it wrote, and writes what was added', () => {
    use(part('a'), part('b', '5m'), part('c'));
    expect(use(part('a'), part('b', '5m'), part('d'))).toMatchObject({
      read: 20,
      written5m: 0,
    });
    // The mark has moved on, as it does in a conversation: the shorter prefix is found before it.
    expect(use(part('a'), part('b'), part('c', '5m'))).toMatchObject({
      read: 20,
      written5m: 10,
    });
  });

  it('knows nothing of another prefix or another model', () => {
    use(part('a'), part('b', '5m'));
    expect(use(part('x'), part('b', '5m')).read).toBe(0);
    expect(cache.use('other', [part('a'), part('b', '5m')]).read).toBe(0);
  });

  it('looks back 20 blocks and no further', () => {
    use(part('a', '5m'));
    const more = Array.from({ length: 19 }, (_, i) => part(`b${i}`));
    expect(use(part('a'), ...more, part('end', '5m')).read).toBe(10);
    cache.clear();
    use(part('a', '5m'));
    expect(use(part('a'), part('one'), ...more, part('end', '5m')).read).toBe(
      0,
    );
  });

  it('forgets after five minutes or an hour without use', () => {
    use(part('short', '5m'));
    use(part('long', '1h'));
    now = 299_999;
    expect(use(part('short', '5m')).read).toBe(10);
    now += 299_999;
    expect(use(part('short', '5m')).read).toBe(10);
    now += 300_000;
    expect(use(part('short', '5m'))).toMatchObject({ read: 0, written5m: 10 });
    expect(use(part('long', '1h')).read).toBe(10);
    now += 3_600_000;
    expect(use(part('long', '1h'))).toMatchObject({ read: 0, written1h: 10 });
  });

  it('tells what was written for how long apart', () => {
    expect(use(part('a', '1h'), part('b'), part('c', '5m'))).toEqual({
      read: 0,
      written5m: 20,
      written1h: 10,
    });
  });

  it('forgets what was used longest ago once it holds too much', () => {
    use(part('first', '5m'));
    for (let i = 0; i < 10_000; i++) use(part(String(i), '5m'));
    expect(use(part('first', '5m')).read).toBe(0);
    expect(use(part('9999', '5m')).read).toBe(10);
  });
});
