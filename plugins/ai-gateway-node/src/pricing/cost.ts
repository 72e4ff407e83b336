import type {
  NanoUsd,
  TokenClass,
} from '@ai-gateway/backstage-plugin-ai-gateway-common';
import { TOKEN_CLASSES } from '@ai-gateway/backstage-plugin-ai-gateway-common';

/** Tokens of each class; the classes are disjoint. @public */
export type TokenUsage = Readonly<Record<TokenClass, number>>;

/** No tokens of any class. @public */
export const NO_TOKENS: TokenUsage = Object.freeze({
  input: 0,
  cachedInput: 0,
  cacheWrite: 0,
  output: 0,
  reasoning: 0,
  audio: 0,
  image: 0,
});

/** Amounts of a price, in nano-dollars: per million tokens of each class, and per request. @public */
export interface PriceRates {
  readonly input: NanoUsd;
  readonly output: NanoUsd;
  /** `null`: as input. */
  readonly cachedInput: NanoUsd | null;
  /** `null`: as input. */
  readonly cacheWrite: NanoUsd | null;
  /** `null`: as output. */
  readonly reasoning: NanoUsd | null;
  /** `null`: as input. */
  readonly audio: NanoUsd | null;
  /** `null`: as input. */
  readonly image: NanoUsd | null;
  /** `null`: nothing. */
  readonly perRequest: NanoUsd | null;
}

const MILLION = 1_000_000n;

/** What a million tokens of a class cost, its fallback followed. @public */
export function rateOf(rates: PriceRates, tokenClass: TokenClass): NanoUsd {
  switch (tokenClass) {
    case 'input':
    case 'output':
      return rates[tokenClass];
    case 'reasoning':
      return rates.reasoning ?? rates.output;
    case 'cachedInput':
    case 'cacheWrite':
    case 'audio':
    case 'image':
      return rates[tokenClass] ?? rates.input;
    default: {
      const impossible: never = tokenClass;
      throw new TypeError(`Unknown class of tokens: ${impossible}`);
    }
  }
}

/**
 * What tokens cost, exactly: all products are summed as integers and rounded once, half up, to the nano-dollar.
 *
 * @param tokens - whole and not negative
 * @public
 */
export function costOf(tokens: TokenUsage, rates: PriceRates): NanoUsd {
  let millionths = 0n;
  for (const tokenClass of TOKEN_CLASSES) {
    if (tokens[tokenClass] === 0) continue;
    millionths += BigInt(tokens[tokenClass]) * rateOf(rates, tokenClass);
  }
  return (millionths + MILLION / 2n) / MILLION + (rates.perRequest ?? 0n);
}
