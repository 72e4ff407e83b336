import type { BudgetWindow } from '@ai-gateway/backstage-plugin-ai-gateway-node';
import { testEvent } from '../__testUtils__/testEvent';
import { amountsOf } from '../admission/amountsOf';
import { actualOf, NOTHING } from './actualOf';
import type { HoldEntry } from './Limiter';

const requestsOf = (window: BudgetWindow | 'minute'): HoldEntry => ({
  counter: {
    subject: { kind: 'subscription', id: 'p/m' },
    measure: 'requests',
    window,
  },
  granted: 1,
  windowStart: null,
});

const attempts = [testEvent({}), testEvent({}), testEvent({})];

describe('actualOf', () => {
  it('counts a request once for a rate, however often it was tried', () => {
    expect(actualOf(requestsOf('minute'), amountsOf(attempts))).toBe(1);
  });

  it.each(['day', 'week', 'month', 'total'] as const)(
    'counts every attempt for a quota of a %s, as the ledger does that it is seeded from',
    window => {
      expect(actualOf(requestsOf(window), amountsOf(attempts))).toBe(3);
      expect(
        actualOf(requestsOf(window), {
          ...amountsOf(attempts),
          subscription: amountsOf(attempts.slice(1)),
        }),
      ).toBe(2);
    },
  );

  it('counts nothing where nothing was spent, and what was reserved where nobody knows', () => {
    expect(actualOf(requestsOf('day'), NOTHING)).toBe(0);
    expect(actualOf(requestsOf('day'), {})).toBe(1);
  });
});
