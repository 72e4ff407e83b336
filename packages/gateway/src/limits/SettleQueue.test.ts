import type { LimitCounter } from '@ai-gateway/backstage-plugin-ai-gateway-node';
import type { Hold } from './Limiter';
import { SettleQueue } from './SettleQueue';

const counters = (id: number): LimitCounter[] => [
  {
    subject: { kind: 'project', id: `p${id}` },
    measure: 'money',
    window: 'month',
  },
  {
    subject: { kind: 'project', id: `p${id}` },
    measure: 'tokens',
    window: 'minute',
  },
];

const settlement = (id: number) => ({
  hold: {
    id: `h${id}`,
    store: 'shared',
    admittedAt: 0,
    expiresAt: 5000,
    entries: counters(id).map(counter => ({
      counter,
      granted: 1,
      windowStart: null,
    })),
  } satisfies Hold,
  actual: {},
  at: id,
});

const queueOf = (count: number, limit = 100) => {
  const queue = new SettleQueue(limit);
  for (let id = 0; id < count; id += 1) queue.add(settlement(id));
  return queue;
};

const ids = (queue: SettleQueue) => queue.take(1000).map(({ hold }) => hold.id);

const missingIn = (queue: SettleQueue) =>
  queue.missing().map(({ subject, window }) => `${subject.id} ${window}`);

describe('SettleQueue', () => {
  it('gives the oldest first, and takes them back', () => {
    const queue = queueOf(4);
    queue.putBack(queue.take(2).slice(1));
    expect(ids(queue)).toEqual(['h1', 'h2', 'h3']);
    expect(queue.isEmpty).toBe(true);
  });

  it('is bounded, and notes the budgets of those that it had no room for', () => {
    const queue = queueOf(11, 10);
    expect(missingIn(queue)).toEqual(['p0 month']);
    expect(ids(queue)[0]).toBe('h1');
    expect(queue.isEmpty).toBe(false);
    queue.found(queue.missing());
    expect(queue.isEmpty).toBe(true);
  });

  it('leaves what is old to the ledger', () => {
    const queue = queueOf(4);
    queue.giveUp(2);
    expect(missingIn(queue)).toEqual(['p0 month', 'p1 month']);
    expect(ids(queue)).toEqual(['h2', 'h3']);
  });
});
