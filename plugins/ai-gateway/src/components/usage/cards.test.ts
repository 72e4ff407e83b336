import { usageCards } from './cards';
import { figuresOf, reportOf } from './__testUtils__/usageReports';

const cardsOf = (report: ReturnType<typeof reportOf>) =>
  Object.fromEntries(usageCards(report, 'en-US').map(card => [card.id, card]));

describe('usageCards', () => {
  const report = reportOf(
    {
      small: [
        figuresOf({ requests: 10, costUsd: '0.0003', latencyMs: 100 }),
        figuresOf(),
      ],
      large: [
        figuresOf({
          requests: 30,
          errors: 1,
          costUsd: '12.5',
          tokens: { input: 1_200_000, cachedInput: 40_000, output: 900 },
          latencyMs: 500,
          timeToFirstTokenMs: 80,
        }),
        figuresOf(),
      ],
    },
    {
      previousTotals: figuresOf({
        requests: 20,
        costUsd: '25.0006',
        latencyMs: 400,
      }),
    },
  );
  const cards = cardsOf(report);

  it('shows figures short with their units and exact on hover', () => {
    expect(cards.requests).toMatchObject({ value: '40', exact: '40' });
    expect(cards.tokensIn).toMatchObject({
      value: '1.24M',
      unit: 'tokens',
      exact: 'Input 1,200,000 · Cached input 40,000',
    });
    expect(cards.tokensOut).toMatchObject({
      value: '900',
      exact: 'Output 900',
    });
    expect(cards.cost).toMatchObject({
      value: '$12.50',
      unit: 'USD',
      exact: '$12.5003',
    });
    expect(cards.latency).toMatchObject({ value: '400 ms' });
  });

  it('compares with the period before', () => {
    expect(cards.requests.change).toEqual({ kind: 'ratio', ratio: 1 });
    expect(cards.cost.change).toEqual({ kind: 'ratio', ratio: -0.5 });
    expect(cards.tokensIn.change).toEqual({ kind: 'new' });
    expect(cards.latency.change).toEqual({ kind: 'ratio', ratio: 0 });
  });

  it('names the share of errors', () => {
    expect(cards.requests.note).toEqual({ text: '2.5% errors', tone: 'bad' });
  });

  it('draws zero as zero and invents no latency where nothing was measured', () => {
    expect(cards.requests.trend).toEqual([40, 0]);
    expect(cards.cost.trend).toEqual([12_500_300_000, 0]);
    expect(cards.latency.trend).toEqual([400, null]);
  });

  it('has no latency and no share of errors without requests', () => {
    const empty = cardsOf(reportOf({}));
    expect(empty.latency).toMatchObject({ value: '–', note: undefined });
    expect(empty.requests).toMatchObject({
      value: '0',
      note: undefined,
      change: { kind: 'none' },
      trend: [0],
    });
  });
});
