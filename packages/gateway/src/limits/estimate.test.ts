import {
  costOf,
  NO_TOKENS,
  type LimitCounter,
  type PriceRates,
} from '@ai-gateway/backstage-plugin-ai-gateway-node';
import fc from 'fast-check';
import {
  CompletionHistories,
  UNKNOWN_COMPLETION_TOKENS,
} from './CompletionHistories';
import {
  expectedOf,
  observe,
  type CompletionHistory,
} from './completionHistory';
import { estimate } from './estimate';
import { InProcessLimiter } from './InProcessLimiter';
import { FakeClock } from './testing/FakeClock';

const rates: PriceRates = {
  input: 150_000_000n,
  output: 600_000_000n,
  cachedInput: null,
  cacheWrite: null,
  reasoning: null,
  audio: null,
  image: null,
  perRequest: null,
};
const request = {
  promptTokens: 1000,
  maxTokens: null,
  choices: 1,
  expectedCompletionTokens: 200,
  rates,
};
const subject = { kind: 'key', id: 'k' } as const;
const tpm: LimitCounter = { subject, measure: 'tokens', window: 'minute' };

const requests = fc.record({
  promptTokens: fc.nat(200_000),
  maxTokens: fc.option(fc.nat(2 ** 31)),
  choices: fc.integer({ min: 1, max: 128 }),
  expectedCompletionTokens: fc.nat(100_000),
  rates: fc.constant(rates),
});

describe('estimate', () => {
  it('expects what such requests took before, and demands room for the prompt and a first token', () => {
    expect(estimate(request)).toEqual({
      completionTokens: 200,
      tokens: { amount: 1200, least: 1001 },
      money: { amount: 270_000, least: 150_600 },
    });
  });

  it('is not moved by a large max_tokens, and capped by a small one', () => {
    expect(estimate({ ...request, maxTokens: 128_000 })).toEqual(
      estimate(request),
    );
    expect(estimate({ ...request, maxTokens: 5 }).tokens.amount).toBe(1005);
    expect(estimate({ ...request, maxTokens: 0 }).tokens.amount).toBe(1000);
  });

  it('counts every choice', () => {
    expect(estimate({ ...request, choices: 3 }).tokens.amount).toBe(1600);
  });

  it('covers at least the prompt and a token of each choice, and at most what is allowed', () => {
    fc.assert(
      fc.property(requests, asked => {
        const { tokens, money } = estimate(asked);
        expect(tokens.least).toBe(
          asked.promptTokens + (asked.maxTokens === 0 ? 0 : asked.choices),
        );
        expect(tokens.amount).toBeGreaterThanOrEqual(tokens.least);
        expect(money.amount).toBeGreaterThanOrEqual(money.least);
        expect(tokens.amount).toBeLessThanOrEqual(
          asked.promptTokens + (asked.maxTokens ?? Infinity) * asked.choices,
        );
      }),
    );
  });

  it('says of money what costs come to, to the nano-dollar, however large', () => {
    const rate = fc.oneof(
      fc.bigInt(0n, 20_000_000_000n),
      fc.bigInt(0n, 2n ** 60n),
    );
    fc.assert(
      fc.property(
        requests,
        rate,
        rate,
        fc.option(rate),
        (asked, input, output, perRequest) => {
          const priced = { ...rates, input, output, perRequest };
          const { completionTokens, money } = estimate({
            ...asked,
            rates: priced,
          });
          const cost = costOf(
            {
              ...NO_TOKENS,
              input: asked.promptTokens,
              output: completionTokens,
            },
            priced,
          );
          expect(money.amount).toBe(
            Math.min(Number(cost), Number.MAX_SAFE_INTEGER),
          );
        },
      ),
    );
  });

  it('never has an account refused that has room for the prompt and a first token', async () => {
    await fc.assert(
      fc.asyncProperty(requests, fc.nat(10_000), async (asked, spare) => {
        const limiter = InProcessLimiter.create({ clock: new FakeClock(0) });
        const { tokens } = estimate(asked);
        const limit = tokens.least + spare;
        const result = await limiter.reserve({
          holdId: 'h',
          ttlMs: 1000,
          entries: [{ counter: tpm, limit, ...tokens }],
        });
        if (result.outcome !== 'admitted') throw new Error(result.outcome);
        const [{ granted }] = result.hold.entries;
        expect(granted).toBeGreaterThanOrEqual(tokens.least);
        expect(granted).toBeLessThanOrEqual(limit);
      }),
    );
  });
});

describe('a history of completions', () => {
  const historyOf = (lengths: readonly number[]) =>
    lengths.reduce<CompletionHistory | null>(observe, null);

  it('expects what always was', () => {
    fc.assert(
      fc.property(
        fc.nat(100_000),
        fc.integer({ min: 1, max: 50 }),
        (n, times) => {
          const history = historyOf(Array(times).fill(n));
          expect(history && expectedOf(history)).toBe(n);
        },
      ),
    );
  });

  it('stays between nothing and a few times the longest', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(100_000), { minLength: 1, maxLength: 100 }),
        lengths => {
          const history = historyOf(lengths);
          const expected = history ? expectedOf(history) : NaN;
          expect(expected).toBeGreaterThanOrEqual(0);
          expect(expected).toBeLessThanOrEqual(3 * Math.max(...lengths) + 1);
        },
      ),
    );
  });

  it('follows a habit that changes', () => {
    const history = historyOf([
      ...Array(50).fill(100),
      ...Array(50).fill(3000),
    ]);
    const expected = history ? expectedOf(history) : NaN;
    expect(expected).toBeGreaterThan(2700);
    expect(expected).toBeLessThan(3600);
  });

  it('covers most completions that vary', () => {
    // From 1 to 1000 in an order without a pattern.
    const lengths = Array.from(
      { length: 500 },
      (_, n) => ((n * 617) % 1000) + 1,
    );
    let history: CompletionHistory | null = null;
    let covered = 0;
    for (const length of lengths) {
      if (history && expectedOf(history) >= length) covered += 1;
      history = observe(history, length);
    }
    expect(covered / lengths.length).toBeGreaterThan(0.9);
  });
});

describe('CompletionHistories', () => {
  const learn = (
    histories: CompletionHistories,
    keyId: string,
    promptTokens: number,
    completionTokens: number,
  ) => {
    for (let n = 0; n < 5; n += 1) {
      histories.observe(keyId, 'm', promptTokens, completionTokens);
    }
  };

  it('goes by the key with such prompts, then by the key, then by the model, then by nothing', () => {
    const histories = new CompletionHistories();
    expect(histories.expect('a', 'm', 10)).toBe(UNKNOWN_COMPLETION_TOKENS);
    learn(histories, 'a', 10_000, 900);
    expect(histories.expect('b', 'm', 10)).toBe(900);
    expect(histories.expect('a', 'm', 10)).toBe(900);
    learn(histories, 'a', 10, 5);
    expect(histories.expect('a', 'm', 10)).toBe(5);
    expect(histories.expect('a', 'm', 10_000)).toBe(900);
    expect(histories.expect('a', 'other', 10)).toBe(UNKNOWN_COMPLETION_TOKENS);
  });

  it('is bounded, and keeps what is in use', () => {
    const histories = new CompletionHistories(9);
    learn(histories, 'kept', 10, 7);
    for (let n = 0; n < 50; n += 1) {
      histories.observe(`k${n}`, 'm', 10, 999);
      expect(histories.expect('kept', 'm', 10)).toBe(7);
    }
    expect(histories.size).toBe(9);
  });
});
