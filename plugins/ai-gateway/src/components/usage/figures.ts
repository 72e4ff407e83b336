import {
  nanoToUsd,
  type TokenCounts,
  type UsageFigures,
  usdToNano,
} from '@ai-gateway/backstage-plugin-ai-gateway-common';

/** What a chart or a ranking of usage can show. */
export const USAGE_METRICS = ['cost', 'tokens', 'requests'] as const;

/** {@inheritDoc USAGE_METRICS} */
export type UsageMetric = (typeof USAGE_METRICS)[number];

/** Tokens that went to the model. */
export function tokensIn(tokens: TokenCounts): number {
  return (
    tokens.input +
    tokens.cachedInput +
    tokens.cacheWrite +
    tokens.audio +
    tokens.image
  );
}

/** Tokens that came from the model. */
export function tokensOut(tokens: TokenCounts): number {
  return tokens.output + tokens.reasoning;
}

/**
 * How much there is of a metric, exactly: nano-dollars, tokens or requests.
 */
export function amountOf(metric: UsageMetric, figures: UsageFigures): bigint {
  switch (metric) {
    case 'cost':
      return usdToNano(figures.costUsd);
    case 'tokens':
      return BigInt(tokensIn(figures.tokens) + tokensOut(figures.tokens));
    case 'requests':
      return BigInt(figures.requests);
    default:
      throw new RangeError(`No such metric: ${metric satisfies never}`);
  }
}

/** All together: sums are exact, means are weighted by requests and `null` where nobody knows one. */
export function sumFigures(parts: readonly UsageFigures[]): UsageFigures {
  const count = (pick: (part: UsageFigures) => number) =>
    parts.reduce((sum, part) => sum + pick(part), 0);
  const tokens = (name: keyof TokenCounts) => count(part => part.tokens[name]);
  const mean = (pick: (part: UsageFigures) => number | null) => {
    let total = 0;
    let weight = 0;
    for (const part of parts) {
      const value = pick(part);
      if (value !== null) {
        total += value * part.requests;
        weight += part.requests;
      }
    }
    return weight > 0 ? total / weight : null;
  };
  return {
    requests: count(part => part.requests),
    errors: count(part => part.errors),
    tokens: {
      input: tokens('input'),
      cachedInput: tokens('cachedInput'),
      cacheWrite: tokens('cacheWrite'),
      output: tokens('output'),
      reasoning: tokens('reasoning'),
      audio: tokens('audio'),
      image: tokens('image'),
    },
    costUsd: nanoToUsd(
      parts.reduce((sum, part) => sum + usdToNano(part.costUsd), 0n),
    ),
    latencyMs: mean(part => part.latencyMs),
    timeToFirstTokenMs: mean(part => part.timeToFirstTokenMs),
  };
}

/**
 * A part of a whole, as a number from 0 to 1 that is exact to a tenth of a percent; `null` of nothing.
 */
export function shareOf(part: bigint, whole: bigint): number | null {
  return whole === 0n ? null : Number((part * 1000n) / whole) / 1000;
}
