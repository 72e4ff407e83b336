import fc from 'fast-check';
import { randomFillSync } from 'node:crypto';
import { validate, version } from 'uuid';
import { createUuidV7 } from './createUuidV7';

const timeOf = (id: string) =>
  Number.parseInt(id.replace('-', '').slice(0, 12), 16);

describe('UUIDv7', () => {
  it('is one, of its time, each greater than the one before, whatever the clock does', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.record({
            time: fc.integer({ min: 0, max: 2 ** 48 - 2 }),
            ids: fc.integer({ min: 1, max: 20 }),
          }),
          { minLength: 1 },
        ),
        steps => {
          let now = 0;
          const newId = createUuidV7(() => now, randomFillSync);
          let latest = 0;
          let last = '';
          for (const { time, ids } of steps) {
            now = time;
            latest = Math.max(latest, time);
            for (let n = 0; n < ids; n++) {
              const id = newId();
              expect(validate(id) && version(id)).toBe(7);
              expect(timeOf(id)).toBe(latest);
              expect(id > last).toBe(true);
              last = id;
            }
          }
        },
      ),
    );
  });

  it('counts from the second random part into the first', () => {
    const newId = createUuidV7(
      () => 1,
      // The counter has its first bit 0, and so 25 of the 32 bits that are drawn.
      bytes => bytes.fill(0).writeUInt32BE((2 ** 14 - 2) << 7),
    );
    const counters = Array.from({ length: 4 }, () => newId().slice(15, 23));
    expect(counters).toEqual(['000-bffe', '000-bfff', '001-8000', '001-8001']);
  });

  it('is not made twice, by one or by several at the same time', () => {
    const ids = new Set<string>();
    for (let maker = 0; maker < 10; maker++) {
      const newId = createUuidV7(() => 1, randomFillSync);
      for (let n = 0; n < 5_000; n++) ids.add(newId());
    }
    expect(ids.size).toBe(50_000);
  });

  it('draws its random bytes anew each time', () => {
    let drawn = 0;
    const newId = createUuidV7(
      () => 1,
      bytes => {
        drawn += 1;
        bytes.fill(drawn);
      },
    );
    const ends = new Set<string>();
    for (let n = 0; n < 3_000; n++) ends.add(newId().slice(-12));
    expect(ends.size).toBe(drawn);
    expect(drawn).toBe(4);
  });
});
