import type { Batch } from './Batch';
import type { Operation } from './Operation';
import { OperationQueue } from './OperationQueue';
import { Reply, ReplyFormatError } from './Reply';

/** Answers with a number of its own. */
const operation = (): Operation<number> => ({
  write: (_: Batch) => {},
  read: (reply: Reply) => reply.number(),
});

const replyOf = (...numbers: number[]) =>
  new Reply(Buffer.from(new Float64Array(numbers).buffer));

type Call = (count: number) => Promise<Reply>;

const queueOf = (call: Call) => {
  const sizes: number[] = [];
  const queue = new OperationQueue(operations => {
    sizes.push(operations.length);
    return call(operations.length);
  });
  const ask = (count: number) =>
    Array.from({ length: count }, () => queue.do(operation()));
  return { sizes, ask };
};

const turn = () => new Promise(setImmediate);
const never = new Promise<Reply>(() => {});
const range = (count: number) => Array.from({ length: count }, (_, n) => n);

describe('OperationQueue', () => {
  it('has what is asked in one turn done by one call, answers in order', async () => {
    const { sizes, ask } = queueOf(async n => replyOf(...range(n)));
    expect(await Promise.all(ask(5))).toEqual([0, 1, 2, 3, 4]);
    expect(sizes).toEqual([5]);
  });

  it('gathers while a call is under way', async () => {
    const answers: Array<() => void> = [];
    const { sizes, ask } = queueOf(
      n =>
        new Promise(resolve => {
          answers.push(() => resolve(replyOf(...range(n))));
        }),
    );
    const first = ask(1);
    await turn();
    const later = [...ask(2)];
    await turn();
    later.push(...ask(3));
    await turn();
    expect(sizes).toEqual([1]);
    answers[0]();
    await Promise.all(first);
    await turn();
    await turn();
    expect(sizes).toEqual([1, 5]);
    answers[1]();
    expect(await Promise.all(later)).toEqual([0, 1, 2, 3, 4]);
  });

  it('does not wait for an answer with what fills a call, up to eight', async () => {
    const { sizes, ask } = queueOf(() => never);
    ask(64 * 10 + 3);
    for (let n = 0; n < 20; n += 1) await turn();
    expect(sizes).toEqual(Array.from({ length: 8 }, () => 64));
  });

  it('goes on after a call that failed', async () => {
    let calls = 0;
    const { ask } = queueOf(async n => {
      calls += 1;
      if (calls === 1) throw new Error('Connection is closed.');
      return replyOf(...range(n));
    });
    const failed = Promise.allSettled(ask(3));
    await turn();
    const later = Promise.all(ask(2));
    expect((await failed).map(({ status }) => status)).toEqual([
      'rejected',
      'rejected',
      'rejected',
    ]);
    expect(await later).toEqual([0, 1]);
  });

  it.each([
    ['cannot be written down', new TypeError('Nobody knows')],
    ['needs a broken key', new Error('WRONGTYPE Operation against a key')],
    [
      'needs one that Redis 6 tells of in its way',
      new Error(
        'ERR Error running script (call to f_1): @user_script:9: WRONGTYPE …',
      ),
    ],
  ])('does each alone where one of them %s', async (_, error) => {
    const { sizes, ask } = queueOf(async n => {
      if (n > 1) throw error;
      return replyOf(7);
    });
    expect(await Promise.all(ask(3))).toEqual([7, 7, 7]);
    expect(sizes).toEqual([3, 1, 1, 1]);
  });

  it('does not ask again of a store that takes nothing', async () => {
    const { sizes, ask } = queueOf(async () => {
      throw new Error(
        "READONLY You can't write against a read only replica. script: 1, on @user_script:1.",
      );
    });
    const results = await Promise.allSettled(ask(3));
    expect(results.every(({ status }) => status === 'rejected')).toBe(true);
    expect(sizes).toEqual([3]);
  });

  it('fails those that an answer says nothing of', async () => {
    const { ask } = queueOf(async () => replyOf(1, 2));
    const results = await Promise.allSettled(ask(3));
    expect(results).toMatchObject([
      { value: 1 },
      { value: 2 },
      { reason: expect.any(ReplyFormatError) },
    ]);
  });
});
