import type { LimitCounter } from '@ai-gateway/backstage-plugin-ai-gateway-node';
import { NOTHING } from '../../limits/actualOf';
import { InProcessLimiter } from '../../limits/InProcessLimiter';
import { FakeClock } from '../../limits/testing/FakeClock';
import { HoldKeeper } from '../HoldKeeper';
import { Allowance } from './Allowance';

const START = Date.parse('2026-02-27T15:30:20.250Z');
const project = { kind: 'project', id: 'p' } as const;
const subscription = { kind: 'subscription', id: 'p/m' } as const;
const COUNTERS: readonly LimitCounter[] = [
  { subject: project, measure: 'requests', window: 'minute' },
  { subject: project, measure: 'tokens', window: 'minute' },
  { subject: subscription, measure: 'tokens', window: 'minute' },
];
const LUMP = { requests: 3, tokens: 100, money: 1000 };

describe('Allowance', () => {
  const over: Allowance[] = [];
  let keeper: HoldKeeper;

  beforeEach(() => {
    over.length = 0;
    keeper = HoldKeeper.start({
      limiter: InProcessLimiter.create({ clock: new FakeClock(START) }),
    });
  });
  afterEach(() => keeper.close());

  const open = async () => {
    const result = await keeper.limiter.reserve({
      holdId: 'lump',
      ttlMs: 60_000,
      entries: COUNTERS.map(counter => ({
        counter,
        limit: 1000,
        amount: counter.measure === 'requests' ? 3 : 100,
      })),
    });
    if (result.outcome !== 'admitted') throw new Error(result.outcome);
    return new Allowance({
      kept: keeper.keep(result.hold),
      lump: LUMP,
      figures: result.figures,
      room: { tokens: Infinity, money: Infinity },
      usableUntil: 250,
      onOver: allowance => over.push(allowance),
    });
  };

  it('lets requests in until one of what is counted is used up', async () => {
    const allowance = await open();
    expect(allowance.take(60, 10)).not.toBeNull();
    expect(allowance.take(60, 10)).toBeNull();
    expect(allowance.take(40, 10)).not.toBeNull();
    expect(allowance.take(0, 981)).toBeNull();
    expect(allowance.take(0, 980)).not.toBeNull();
    expect(allowance.take(0, 0)).toBeNull();
    expect(allowance.underWay).toBe(3);
  });

  it('is half used when that is true of one of what is counted', async () => {
    const byTokens = await open();
    byTokens.take(50, 0);
    expect(byTokens.isHalfUsed).toBe(false);
    byTokens.take(1, 0);
    expect(byTokens.isHalfUsed).toBe(true);
  });

  it('is over when it is closed and the last request is over, whichever comes last', async () => {
    const first = await open();
    const part = first.take(10, 10);
    part?.settle({ requests: 1, tokens: 5, money: 5 });
    expect(over).toEqual([]);
    first.close();
    first.close();
    expect(over).toEqual([first]);

    const second = await open();
    const late = second.take(10, 10);
    second.close();
    expect(over).toEqual([first]);
    expect(second.take(1, 1)).toBeNull();
    late?.settle(NOTHING);
    expect(over).toEqual([first, second]);
  });

  it('adds up what requests took: as was told, and else as was reserved', async () => {
    const allowance = await open();
    const [one, two, three] = [1, 2, 3].map(() => allowance.take(20, 200));
    one?.settle({ requests: 1, attempts: 2, tokens: 30, money: 300 });
    two?.settle({});
    three?.settle({
      requests: 1,
      attempts: 3,
      tokens: 50,
      money: 500,
      subscription: { requests: 1, attempts: 1, tokens: 7, money: 70 },
    });
    expect(allowance.taken).toEqual({
      requests: 3,
      attempts: 6,
      tokens: 100,
      money: 1000,
      subscription: { requests: 3, attempts: 4, tokens: 57, money: 570 },
    });
  });

  it('is not told of what is settled elsewhere, and is over without it', async () => {
    const allowance = await open();
    const stays = allowance.take(10, 100);
    const moves = allowance.take(10, 100);
    allowance.close();
    await stays?.settle({ requests: 1, tokens: 8, money: 80 });
    expect(over).toEqual([]);

    const settled: unknown[] = [];
    moves?.moveTo({ settle: actual => void settled.push(actual) });
    expect(over).toEqual([allowance]);
    expect(allowance.underWay).toBe(0);
    await moves?.settle({ requests: 1, tokens: 9, money: 90 });
    expect(settled).toEqual([{ requests: 1, tokens: 9, money: 90 }]);
    expect(allowance.taken).toMatchObject({
      requests: 1,
      tokens: 8,
      money: 80,
    });
  });

  it('tells in headers what remains, request by request', async () => {
    const allowance = await open();
    allowance.take(60, 0);
    expect(allowance.headers()).toMatchObject({
      'x-ratelimit-limit-requests': '1000',
      'x-ratelimit-remaining-requests': '999',
      'x-ratelimit-remaining-tokens': '940',
    });
    allowance.take(10, 0);
    expect(allowance.headers()).toMatchObject({
      'x-ratelimit-remaining-requests': '998',
      'x-ratelimit-remaining-tokens': '930',
    });
  });
});
