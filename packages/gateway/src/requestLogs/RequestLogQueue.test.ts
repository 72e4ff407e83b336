import fc from 'fast-check';
import { record } from './__testUtils__/records';
import {
  RequestLogQueue,
  sizeOf,
  type Batch,
  type QueueBounds,
} from './RequestLogQueue';

const numbers = (batch: Batch) => batch.map(entry => entry.log.occurredAt);

const total = (entries: ReadonlyArray<{ bytes: number }>) =>
  entries.reduce((sum, { bytes }) => sum + bytes, 0);

interface Subject {
  push(n: number, size: number): number;
  /** Does nothing while a batch is on its way. */
  take(maxRecords: number): number[];
  release(): void;
  putBack(): void;
  state(): unknown;
}

function perform(
  subject: Subject,
  step: { do: string; size: number },
  n: number,
): unknown {
  const answer =
    (step.do === 'push' && subject.push(n, step.size)) ||
    (step.do === 'take' && subject.take(step.size)) ||
    (step.do === 'release' && subject.release()) ||
    (step.do === 'putBack' && subject.putBack());
  return [answer, subject.state()];
}

class RealQueue implements Subject {
  readonly #queue: RequestLogQueue;
  #batch: Batch = [];

  constructor(bounds: QueueBounds) {
    this.#queue = RequestLogQueue.create(bounds);
  }
  push(n: number, size: number) {
    return this.#queue.push(record(n, size), n);
  }
  take(maxRecords: number) {
    if (this.#batch.length > 0) return [];
    this.#batch = this.#queue.take(maxRecords, 1e9);
    return numbers(this.#batch);
  }
  release() {
    this.#queue.release(this.#batch);
    this.#batch = [];
  }
  putBack() {
    this.#queue.putBack(this.#batch);
    this.#batch = [];
  }
  state() {
    const { records, bytes, waitingRecords, waitingBytes } = this.#queue;
    return [
      records,
      bytes,
      waitingRecords,
      waitingBytes,
      this.#queue.oldestAddedAt,
    ];
  }
}

/** What the queue should be, with no thought given to speed. */
class ListWithBounds implements Subject {
  #waiting: Array<{ n: number; bytes: number }> = [];
  #taken: Array<{ n: number; bytes: number }> = [];
  readonly #bounds: QueueBounds;

  constructor(bounds: QueueBounds) {
    this.#bounds = bounds;
  }
  push(n: number, size: number) {
    const entry = { n, bytes: sizeOf(record(n, size)) };
    for (let dropped = 0; dropped <= this.#waiting.length; dropped++) {
      const waiting = [...this.#waiting.slice(dropped), entry];
      const all = [...this.#taken, ...waiting];
      if (
        all.length <= this.#bounds.maxRecords &&
        total(all) <= this.#bounds.maxBytes
      ) {
        this.#waiting = waiting;
        return dropped;
      }
    }
    return 1;
  }
  take(maxRecords: number) {
    if (this.#taken.length > 0) return [];
    this.#taken = this.#waiting.splice(0, maxRecords);
    return this.#taken.map(entry => entry.n);
  }
  release() {
    this.#taken = [];
  }
  putBack() {
    this.#waiting.unshift(...this.#taken);
    this.#taken = [];
  }
  state() {
    const all = [...this.#taken, ...this.#waiting];
    return [
      all.length,
      total(all),
      this.#waiting.length,
      total(this.#waiting),
      this.#waiting[0]?.n,
    ];
  }
}

describe('RequestLogQueue', () => {
  it('gives records in the order in which they came, within both bounds', () => {
    const queue = RequestLogQueue.create({ maxRecords: 10, maxBytes: 1e6 });
    for (let n = 0; n < 5; n++) queue.push(record(n), n);

    expect(numbers(queue.take(2, 1e6))).toEqual([0, 1]);
    expect(numbers(queue.take(10, 2 * sizeOf(record(0))))).toEqual([2, 3]);
    expect(queue.oldestAddedAt).toBe(4);
    // One larger than a batch still goes.
    expect(numbers(queue.take(10, 1))).toEqual([4]);
    expect(queue.oldestAddedAt).toBeUndefined();
  });

  it('drops the oldest that wait when it is full', () => {
    const queue = RequestLogQueue.create({ maxRecords: 3, maxBytes: 1e6 });
    queue.push(record(0), 0);
    const taken = queue.take(1, 1e6);
    expect([1, 2, 3, 4].map(n => queue.push(record(n), n))).toEqual([
      0, 0, 1, 1,
    ]);

    queue.putBack(taken);
    expect(numbers(queue.take(10, 1e6))).toEqual([0, 3, 4]);
  });

  it('drops as many old ones as a large new one needs, and none for one that can never fit', () => {
    const size = sizeOf(record(0));
    const queue = RequestLogQueue.create({
      maxRecords: 10,
      maxBytes: 4 * size,
    });
    for (let n = 0; n < 4; n++) queue.push(record(n), n);

    expect(queue.push(record(5, 2 * size), 5)).toBe(1);
    expect(queue.records).toBe(4);
    expect(queue.push(record(6, size), 6)).toBe(3);
    expect(numbers(queue.take(10, 1e6))).toEqual([3, 6]);
  });

  it('is as a list with bounds is, whatever is done to it', () => {
    const bounds = { maxRecords: 6, maxBytes: 12_000 };
    fc.assert(
      fc.property(
        fc.array(
          fc.oneof(
            fc.record({ do: fc.constant('push'), size: fc.nat(7_000) }),
            fc.record({
              do: fc.constant('take'),
              size: fc.integer({ min: 1, max: 8 }),
            }),
            fc.record({
              do: fc.constantFrom('release', 'putBack'),
              size: fc.constant(0),
            }),
          ),
          { maxLength: 60 },
        ),
        steps => {
          const queue = new RealQueue(bounds);
          const list = new ListWithBounds(bounds);
          steps.forEach((step, n) => {
            expect(perform(queue, step, n)).toEqual(perform(list, step, n));
          });
        },
      ),
    );
  });

  it('stays as small as it is when much goes through it', () => {
    const queue = RequestLogQueue.create({ maxRecords: 50, maxBytes: 1e9 });
    let dropped = 0;
    for (let n = 0; n < 10_000; n++) dropped += queue.push(record(n), n);
    expect(dropped).toBe(9_950);
    expect(numbers(queue.take(50, 1e9))[0]).toBe(9_950);
    expect(queue.waitingBytes).toBe(0);
  });
});
