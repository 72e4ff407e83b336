import { parseBehaviour, type Behaviour } from './behaviour';
import { Behaviours } from './behaviours';

describe('Behaviours', () => {
  let now = 0;
  let behaviours: Behaviours;
  beforeEach(() => {
    now = 0;
    behaviours = new Behaviours(() => now);
  });
  const set = (behaviour: Behaviour) => {
    const parsed = parseBehaviour(behaviour);
    if (!parsed.ok) throw new Error(parsed.reason);
    behaviours.set(parsed.checked);
  };
  /** Which of the next requests fail, and with which status. */
  const next = (count: number, model = 'm') =>
    Array.from(
      { length: count },
      () => behaviours.next(model)?.fault?.parameters.code ?? 0,
    );

  it('fails always where only a fault is given, and never again once it is taken away', () => {
    set({ model: 'm', fault: 'status-500' });
    expect(next(3)).toEqual([500, 500, 500]);
    set({ model: 'm', fault: null });
    expect(next(2)).toEqual([0, 0]);
    expect(behaviours.list()).toEqual([]);
  });

  it('fails the next requests and is well after them', () => {
    set({ model: 'm', failNext: 2 });
    expect(next(4)).toEqual([503, 503, 0, 0]);
    expect(behaviours.list()).toEqual([
      { model: 'm', failNext: 2, requests: 4, failed: 2 },
    ]);
  });

  it('fails every third request', () => {
    set({ model: 'm', failEvery: 3, fault: 'status-529' });
    expect(next(7)).toEqual([0, 0, 529, 0, 0, 529, 0]);
  });

  it('flaps by the clock, well first', () => {
    set({ model: 'm', flap: { upMs: 100, downMs: 50 } });
    const at = (ms: number) => {
      now = ms;
      return next(1)[0];
    };
    expect([0, 99, 100, 149, 150, 249, 250].map(at)).toEqual([
      0, 0, 503, 503, 0, 0, 503,
    ]);
  });

  it('is a storm of 429 where there is a delay to tell', () => {
    set({ model: 'm', failNext: 1, retryAfterSeconds: 7 });
    expect(behaviours.next('m')?.fault).toEqual({
      kind: 'status',
      parameters: { code: 429, 'retry-after': 7 },
    });
  });

  it('is of one model, or of all that have none of their own', () => {
    set({ model: 'm', fault: 'status-500' });
    expect(next(1, 'other')).toEqual([0]);
    set({ model: '*', fault: 'status-501' });
    expect([...next(1, 'other'), ...next(1)]).toEqual([501, 500]);
  });

  it('delays the first token, failing or not', () => {
    set({ model: 'm', firstTokenMs: 70 });
    expect(behaviours.next('m')).toEqual({
      fault: undefined,
      firstTokenMs: 70,
    });
  });

  it.each([
    [{}, /^model: /],
    [{ model: 'm', fault: 'explode' }, /Unknown fault/],
    [{ model: 'm', failNext: -1 }, /^failNext: /],
    [{ model: 'm', flap: { upMs: 5 } }, /^flap\.downMs: /],
    [{ model: 'm', fault: null, failNext: 3 }, /no fault/],
    [{ model: 'm', fault: 'hang', retryAfterSeconds: 3 }, /no Retry-After/],
    [{ model: 'm', failOften: true }, /failOften/],
  ])('refuses %j and says why', (body, reason) => {
    expect(parseBehaviour(body)).toEqual({
      ok: false,
      reason: expect.stringMatching(reason),
    });
  });
});
