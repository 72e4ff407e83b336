import {
  MAX_AMOUNT,
  type LimitGauge,
} from '@ai-gateway/backstage-plugin-ai-gateway-node';
import type { EntryFigures } from '../limits/Limiter';
import { goDuration, rateLimitHeaders } from './rateLimitHeaders';

const figure = (
  gauge: LimitGauge,
  more: Partial<EntryFigures>,
): EntryFigures => ({
  counter: { subject: { kind: 'key', id: 'k' }, ...gauge },
  limit: 10,
  spent: 1,
  reserved: 0,
  remaining: 9,
  resetMs: 59_100,
  windowStart: null,
  ...more,
});

describe('rateLimitHeaders', () => {
  it('tells of the level that has the least left', () => {
    expect(
      rateLimitHeaders([
        figure({ measure: 'requests', window: 'minute' }, {}),
        figure(
          { measure: 'requests', window: 'minute' },
          { limit: 100, remaining: 2, resetMs: 400 },
        ),
        figure({ measure: 'tokens', window: 'minute' }, { resetMs: 0 }),
      ]),
    ).toEqual({
      'x-ratelimit-limit-requests': '100',
      'x-ratelimit-remaining-requests': '2',
      'x-ratelimit-reset-requests': '400ms',
      'x-ratelimit-limit-tokens': '10',
      'x-ratelimit-remaining-tokens': '9',
      'x-ratelimit-reset-tokens': '0ms',
    });
  });

  it('tells nothing of what is not by the minute, or only counted', () => {
    expect(
      rateLimitHeaders([
        figure({ measure: 'tokens', window: 'day' }, {}),
        figure({ measure: 'money', window: 'month' }, {}),
        figure(
          { measure: 'requests', window: 'minute' },
          { limit: MAX_AMOUNT },
        ),
      ]),
    ).toEqual({});
  });
});

it.each([
  [0, '0ms'],
  [0.2, '1ms'],
  [999, '999ms'],
  [1_000, '1s'],
  [59_001, '1m0s'],
  [360_000, '6m0s'],
  [9_000_000, '2h30m0s'],
])('goDuration writes %d ms as %s', (ms, expected) => {
  expect(goDuration(ms)).toBe(expected);
});
