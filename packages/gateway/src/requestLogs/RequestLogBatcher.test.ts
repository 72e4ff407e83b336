import type { RequestLog } from '@ai-gateway/backstage-plugin-ai-gateway-node';
import { InputError } from '@backstage/errors';
import fc from 'fast-check';
import pino from 'pino';
import { ManualTimers, settled } from './__testUtils__/ManualTimers';
import { record } from './__testUtils__/records';
import {
  RequestLogBatcher,
  type RequestLogBatcherLimits,
} from './RequestLogBatcher';

const LIMITS: RequestLogBatcherLimits = {
  maxRecords: 20,
  maxBytes: 1e6,
  batchRecords: 5,
  batchBytes: 1e5,
  flushAfterMs: 500,
  attemptMs: 1_000,
  backoffMinMs: 100,
  backoffMaxMs: 1_600,
};

/** The far side of the seam: what arrives, and how it answers. */
class Store {
  readonly batches: string[][] = [];
  readonly kept = new Set<string>();
  answer: 'ok' | 'away' | 'hang' | 'lost-answer' = 'ok';
  refuses = new Set<string>();

  async append(batch: readonly RequestLog[]): Promise<void> {
    const ids = batch.map(log => log.requestId);
    this.batches.push(ids);
    if (this.answer === 'hang') await new Promise(() => {});
    if (this.answer === 'away') throw new Error('INSERT … connection refused');
    if (ids.some(id => this.refuses.has(id))) throw new InputError('bad');
    ids.forEach(id => this.kept.add(id));
    if (this.answer === 'lost-answer') throw new Error('socket hang up');
  }
}

function start(limits: Partial<RequestLogBatcherLimits> = {}) {
  const store = new Store();
  const timers = new ManualTimers();
  const lines: string[] = [];
  const batcher = RequestLogBatcher.create({
    store,
    timers,
    limits: { ...LIMITS, ...limits },
    random: () => 1,
    log: pino({}, { write: line => lines.push(line) }),
  });
  const add = (from: number, to: number) => {
    for (let n = from; n <= to; n++) batcher.add(record(n));
  };
  return { store, timers, lines, batcher, add };
}

describe('RequestLogBatcher', () => {
  it('sends what came within half a second together', async () => {
    const { store, timers, batcher, add } = start();
    add(1, 1);
    await timers.advance(300);
    add(2, 2);
    await timers.advance(199);
    expect(store.batches).toEqual([]);
    await timers.advance(1);
    expect(store.batches).toEqual([['r1', 'r2']]);
    expect(batcher.stats()).toMatchObject({ queued: 0, stored: 2 });
  });

  it('sends a full batch without waiting, and not within the request that filled it', async () => {
    const { store, timers, add } = start();
    add(1, 12);
    expect(store.batches).toEqual([]);
    await timers.advance(0);
    expect(store.batches).toEqual([
      ['r1', 'r2', 'r3', 'r4', 'r5'],
      ['r6', 'r7', 'r8', 'r9', 'r10'],
    ]);
    await timers.advance(500);
    expect(store.batches[2]).toEqual(['r11', 'r12']);
  });

  it('sends a batch that is full by its bytes', async () => {
    const { store, timers, batcher } = start({ batchBytes: 5_000 });
    batcher.add(record(1, 1_000));
    batcher.add(record(2, 1_000));
    await timers.advance(0);
    expect(store.batches).toEqual([['r1']]);
  });

  it('lets no record wait longer for those that came while others were on their way', async () => {
    const { store, timers, add } = start();
    store.answer = 'hang';
    add(1, 5);
    await timers.advance(0);
    add(6, 6);
    store.answer = 'ok';
    // The attempt ends after 1000 ms and the pause after 100; r6 is old enough by then to go with the rest, not 500 ms later.
    await timers.advance(1_100);
    await timers.advance(0);
    expect([...store.kept]).toEqual(['r1', 'r2', 'r3', 'r4', 'r5', 'r6']);
  });

  it('backs off while the store is away, longer each time, and sends all in order once it is back', async () => {
    const { store, timers, batcher, add } = start();
    store.answer = 'away';
    add(1, 3);
    const attempts: number[] = [];
    await timers.advance(500);
    for (let i = 0; i < 70; i++) {
      attempts.push(store.batches.length);
      await timers.advance(100);
    }
    // Pauses of 100, 200, 400, 800 and then 1600 ms.
    expect(attempts.filter((n, i) => n !== attempts[i - 1])).toEqual([
      1, 2, 3, 4, 5, 6, 7, 8,
    ]);
    expect(batcher.stats()).toMatchObject({ queued: 3, dropped: 0 });

    store.answer = 'ok';
    add(4, 4);
    await timers.advance(1_600);
    await timers.advance(500);
    expect([...store.kept]).toEqual(['r1', 'r2', 'r3', 'r4']);
    expect(batcher.stats()).toMatchObject({ queued: 0, stored: 4 });
  });

  it('starts with the shortest pause again after a success', async () => {
    const { store, timers, add } = start();
    store.answer = 'away';
    add(1, 1);
    await timers.advance(3_000);
    store.answer = 'ok';
    await timers.advance(1_600);
    store.answer = 'away';
    add(2, 2);
    await timers.advance(500);
    const before = store.batches.length;
    await timers.advance(100);
    expect(store.batches).toHaveLength(before + 1);
  });

  it('drops the oldest when it is full, and counts them', async () => {
    const { store, timers, batcher, add } = start();
    store.answer = 'away';
    add(1, 50);
    await timers.advance(10_000);
    expect(batcher.stats()).toMatchObject({ queued: 20, dropped: 30 });

    store.answer = 'ok';
    await timers.advance(2_000);
    expect([...store.kept]).toEqual(
      Array.from({ length: 20 }, (_, i) => `r${i + 31}`),
    );
  });

  it('gives up an attempt that hangs, and never has a second one beside it', async () => {
    const { store, timers, batcher, add } = start();
    store.answer = 'hang';
    add(1, 5);
    await timers.advance(999);
    expect(store.batches).toHaveLength(1);
    expect(batcher.stats()).toMatchObject({ queued: 5, failures: 0 });
    await timers.advance(1);
    expect(batcher.stats()).toMatchObject({ queued: 5, failures: 1 });
  });

  it('sends again what may have arrived', async () => {
    const { store, timers, batcher, add } = start();
    store.answer = 'lost-answer';
    add(1, 2);
    await timers.advance(500);
    store.answer = 'ok';
    await timers.advance(100);
    expect(store.batches).toEqual([
      ['r1', 'r2'],
      ['r1', 'r2'],
    ]);
    expect(batcher.stats()).toMatchObject({ stored: 2, queued: 0 });
  });

  it('finds the one record that the store refuses, and stores all others at once', async () => {
    const { store, timers, batcher, add } = start();
    store.refuses.add('r3');
    add(1, 10);
    await timers.advance(0);
    await timers.advance(500);
    expect([...store.kept].sort()).toEqual(
      [1, 10, 2, 4, 5, 6, 7, 8, 9].map(n => `r${n}`),
    );
    expect(batcher.stats()).toMatchObject({
      stored: 9,
      refused: 1,
      dropped: 0,
      failures: 0,
      queued: 0,
    });
  });

  it('says once that the store is away and once that it is back, and quotes no statement', async () => {
    const { store, timers, lines, add } = start();
    store.answer = 'away';
    add(1, 1);
    await timers.advance(5_000);
    store.answer = 'ok';
    await timers.advance(2_000);
    expect(lines).toHaveLength(2);
    expect(lines[0]).toContain('Request logs wait in memory');
    expect(lines[1]).toContain('Request logs reach their store again');
    expect(lines.join()).not.toContain('INSERT');
  });

  describe('close', () => {
    it('sends what there is at once, and leaves no timer', async () => {
      const { store, timers, batcher, add } = start();
      add(1, 7);
      const closed = batcher.close(5_000);
      await timers.advance(0);
      await closed;
      expect(store.kept.size).toBe(7);
      expect(batcher.stats()).toMatchObject({ queued: 0, stored: 7 });
      expect(timers.pending).toBe(0);
    });

    it('has nothing to wait for when there is nothing', async () => {
      const { timers, batcher } = start();
      await batcher.close(5_000);
      expect(timers.pending).toBe(0);
    });

    it('does not sit out a pause, and tries until its time is up', async () => {
      const { store, timers, batcher, add } = start();
      store.answer = 'away';
      add(1, 3);
      await timers.advance(10_000);
      const attempts = store.batches.length;
      const closed = batcher.close(350);
      await timers.advance(0);
      expect(store.batches).toHaveLength(attempts + 1);
      store.answer = 'ok';
      await timers.advance(100);
      await closed;
      expect(batcher.stats()).toMatchObject({ stored: 3, queued: 0 });
    });

    it('ends at its deadline with a store that hangs, and counts what is lost', async () => {
      const { store, timers, batcher, add } = start();
      store.answer = 'hang';
      add(1, 8);
      await timers.advance(0);
      const closed = batcher.close(200);
      await timers.advance(200);
      await closed;
      await timers.advance(10_000);
      expect(batcher.stats()).toEqual({
        queued: 0,
        queuedBytes: 0,
        stored: 0,
        dropped: 8,
        refused: 0,
        failures: 0,
      });
      expect(store.batches).toHaveLength(1);
      expect(timers.pending).toBe(0);
    });

    it('drops what comes afterwards, and may be asked for twice', async () => {
      const { timers, batcher, add } = start();
      await Promise.all([batcher.close(100), batcher.close(100)]);
      add(1, 1);
      await timers.advance(1_000);
      expect(batcher.stats()).toMatchObject({ queued: 0, dropped: 1 });
    });
  });

  it('loses count of no record and keeps its bounds, whatever the store does', async () => {
    const action = fc.oneof(
      fc.record({
        do: fc.constant('add' as const),
        count: fc.integer({ min: 1, max: 12 }),
      }),
      fc.record({
        do: fc.constant('wait' as const),
        ms: fc.integer({ min: 0, max: 2_500 }),
      }),
      fc.record({
        do: fc.constant('store' as const),
        answer: fc.constantFrom(
          'ok' as const,
          'away' as const,
          'hang' as const,
          'lost-answer' as const,
        ),
      }),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(action, { maxLength: 30 }),
        fc.uniqueArray(fc.integer({ min: 1, max: 40 }), { maxLength: 3 }),
        async (actions, refused) => {
          const { store, timers, batcher, add } = start();
          refused.forEach(n => store.refuses.add(`r${n}`));
          let added = 0;
          const check = () => {
            const stats = batcher.stats();
            expect(stats.queued).toBeLessThanOrEqual(LIMITS.maxRecords);
            expect(stats.queuedBytes).toBeLessThanOrEqual(LIMITS.maxBytes);
            expect(
              stats.queued + stats.stored + stats.dropped + stats.refused,
            ).toBe(added);
          };
          for (const step of actions) {
            if (step.do === 'add') {
              add(added + 1, added + step.count);
              added += step.count;
            } else if (step.do === 'wait') {
              await timers.advance(step.ms);
            } else {
              store.answer = step.answer;
            }
            check();
          }
          store.answer = 'ok';
          const closed = batcher.close(60_000);
          await timers.advance(60_000);
          await closed;
          await settled();
          check();
          const { queued, stored, dropped } = batcher.stats();
          expect(queued).toBe(0);
          // What is counted as stored is there; what is there and not counted was dropped after its answer was lost.
          expect(store.kept.size).toBeGreaterThanOrEqual(stored);
          expect(store.kept.size).toBeLessThanOrEqual(stored + dropped);
          // The newest are never the ones that were dropped.
          const newest = `r${added}`;
          expect(
            added === 0 || store.kept.has(newest) || store.refuses.has(newest),
          ).toBe(true);
          expect(timers.pending).toBe(0);
        },
      ),
      { numRuns: 150 },
    );
  });
});
