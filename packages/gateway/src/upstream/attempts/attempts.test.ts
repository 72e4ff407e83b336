import fc from 'fast-check';
import { ERRORS, refuse, type ErrorCode } from '../../errors/registry';
import { backoffMs } from './backoffMs';
import { mostUseful } from './mostUseful';
import { RetryBudget } from './RetryBudget';
import { verdictOn } from './verdictOn';

describe('the retry budget', () => {
  it('has a few retries at first, and one more each second', () => {
    const budget = new RetryBudget(0);
    const take = (now: number, times: number) =>
      Array.from({ length: times }, () => budget.take(now)).filter(Boolean)
        .length;
    expect(take(0, 20)).toBe(10);
    expect(take(3_000, 20)).toBe(3);
  });

  it('never has more than its part of the requests, a few, and one each second', () => {
    const step = fc.oneof(
      fc.record({ kind: fc.constant('request' as const) }),
      fc.record({ kind: fc.constant('retry' as const) }),
      fc.record({
        kind: fc.constant('wait' as const),
        ms: fc.nat(5_000),
      }),
    );
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 500 }),
        fc.nat(100),
        (steps, percent) => {
          const budget = new RetryBudget(0);
          let now = 0;
          let requests = 0;
          let retries = 0;
          for (const what of steps) {
            if (what.kind === 'wait') now += what.ms;
            if (what.kind === 'request') {
              requests += 1;
              budget.request(percent);
            }
            if (what.kind === 'retry' && budget.take(now)) retries += 1;
          }
          expect(retries).toBeLessThanOrEqual(
            (requests * percent) / 100 + 10 + now / 1_000 + 1e-6,
          );
        },
      ),
    );
  });
});

describe('backing off', () => {
  it('is anything up to a bound that doubles and has an end', () => {
    const settings = { backoffMs: 100, maxBackoffMs: 300 };
    expect(backoffMs(1, 0, settings)).toBe(0);
    expect(
      [1, 2, 3, 9].map(retry => backoffMs(retry, 0.999, settings)),
    ).toEqual([99, 199, 299, 299]);
  });
});

describe('the verdict on a failure', () => {
  it.each<[ErrorCode, string, string]>([
    ['upstream_unreachable', 'same', 'failed'],
    ['upstream_error', 'same', 'failed'],
    ['upstream_timeout', 'elsewhere', 'failed'],
    ['upstream_rate_limited', 'elsewhere', 'limited'],
    ['upstream_auth_failed', 'elsewhere', 'failed'],
    ['upstream_account_exhausted', 'elsewhere', 'failed'],
    ['upstream_rejected', 'nowhere', 'nothing'],
    ['response_too_large', 'nowhere', 'nothing'],
  ])('%s: try again %s, which says that it %s', (code, retry, says) => {
    expect(verdictOn(code)).toEqual({ retry, says });
  });

  it('never holds the fault of a client against a deployment', () => {
    for (const code of Object.keys(ERRORS) as ErrorCode[]) {
      if (ERRORS[code].blame !== 'client') continue;
      expect(verdictOn(code).says).toBe('nothing');
    }
  });
});

describe('what a client is told of several failures', () => {
  const told = (...codes: Array<'limited' | 'timeout' | 'error' | 'auth'>) =>
    mostUseful(
      codes.map(code => {
        if (code === 'limited') return refuse('upstream_rate_limited', {}, 7);
        if (code === 'timeout') return refuse('upstream_timeout', {});
        return code === 'error'
          ? refuse('upstream_error', {})
          : refuse('upstream_auth_failed', {});
      }),
    );

  it('is when to come back, else what may pass, else the last', () => {
    expect(told('limited', 'error')).toMatchObject({
      code: 'upstream_rate_limited',
      retryAfterSeconds: 7,
      message: expect.stringContaining('2 attempts'),
    });
    expect(told('timeout', 'auth').code).toBe('upstream_timeout');
    expect(told('timeout', 'error').code).toBe('upstream_error');
    expect(told('error').message).toBe(refuse('upstream_error', {}).message);
  });

  it('is the fault of the request, if that is what there was at last', () => {
    const rejected = refuse('upstream_rejected', { message: 'No.' });
    expect(
      mostUseful([refuse('upstream_rate_limited', {}, 7), rejected]).code,
    ).toBe('upstream_rejected');
  });
});
