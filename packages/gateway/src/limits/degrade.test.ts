import type { LimitCounter } from '@ai-gateway/backstage-plugin-ai-gateway-node';
import { degradedLimit } from './degrade';

const subject = { kind: 'project', id: 'p' } as const;
const rpm: LimitCounter = { subject, measure: 'requests', window: 'minute' };
const streams: LimitCounter = {
  subject,
  measure: 'concurrency',
  window: 'none',
};
const tokens: LimitCounter = { subject, measure: 'tokens', window: 'month' };
const money: LimitCounter = { subject, measure: 'money', window: 'month' };
const entry = (counter: LimitCounter, limit: number) => ({
  counter,
  limit,
  amount: 1,
});

describe('a gateway that counts alone', () => {
  it('admits its share of a rate and of what runs at once, and at least one', () => {
    expect(degradedLimit(entry(rpm, 100), 4, null)).toBe(25);
    expect(degradedLimit(entry(streams, 10), 3, null)).toBe(3);
    expect(degradedLimit(entry(rpm, 2), 3, null)).toBe(1);
    expect(degradedLimit(entry(rpm, 0), 3, null)).toBe(0);
  });

  it('admits no money unless that is declared', () => {
    expect(degradedLimit(entry(money, 100), 1, 0)).toBeNull();
    const whenDegraded = { mode: 'cap', fraction: 0.1 } as const;
    expect(degradedLimit({ ...entry(money, 1000), whenDegraded }, 2, 400)).toBe(
      460,
    );
  });

  it('admits its share of what was left of a quota', () => {
    expect(degradedLimit(entry(tokens, 1000), 2, 400)).toBe(700);
    expect(degradedLimit(entry(tokens, 1000), 2, 1200)).toBe(1000);
  });

  it('takes what it is told over what it would do by itself', () => {
    const whenDegraded = { mode: 'deny' } as const;
    expect(
      degradedLimit({ ...entry(rpm, 9), whenDegraded }, 1, null),
    ).toBeNull();
  });
});
