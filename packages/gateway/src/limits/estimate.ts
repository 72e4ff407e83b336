import {
  costOf,
  MAX_AMOUNT,
  NO_TOKENS,
  type PriceRates,
} from '@ai-gateway/backstage-plugin-ai-gateway-node';

/** What to ask of a counter: `amount` and `least` of a `ReserveEntry`. */
export interface EstimatedAmount {
  readonly amount: number;
  readonly least: number;
}

const MILLION = 1_000_000;
const HALF_MILLION = MILLION / 2;

export interface Estimate {
  readonly completionTokens: number;
  readonly tokens: EstimatedAmount;
  /** In nano-dollars. */
  readonly money: EstimatedAmount;
}

export interface EstimateRequest {
  readonly promptTokens: number;
  /** The most that the request allows to be generated; `null`: it does not say. */
  readonly maxTokens: number | null;
  /** How many choices are generated at once. */
  readonly choices: number;
  /** Of one choice, from history; see `CompletionHistories`. */
  readonly expectedCompletionTokens: number;
  readonly rates: PriceRates;
}

/**
 * What a request will probably take.
 *
 * Expected is what such requests took before, not what `max_tokens` allows, which clients set high and hardly ever use; it only caps what
 * is expected. And no more is reserved than is left: what must fit is the prompt and the first token of each choice, without which there
 * is no answer, and the rest is granted as far as it does. So an account that has room for these is never refused for what a request might
 * take. What it takes beyond its reservation counts when it is settled.
 */
export function estimate(request: EstimateRequest): Estimate {
  const { promptTokens, maxTokens, choices, rates } = request;
  const first = Math.min(maxTokens ?? 1, 1);
  const perChoice = Math.min(
    maxTokens ?? Infinity,
    Math.max(first, request.expectedCompletionTokens),
  );
  const completionTokens = Math.min(perChoice * choices, MAX_AMOUNT);
  const firstTokens = first * choices;
  return {
    completionTokens,
    tokens: {
      amount: Math.min(promptTokens + completionTokens, MAX_AMOUNT),
      least: Math.min(promptTokens + firstTokens, MAX_AMOUNT),
    },
    money: {
      amount: moneyOf(promptTokens, completionTokens, rates),
      least: moneyOf(promptTokens, firstTokens, rates),
    },
  };
}

/** What it costs to read and to write so many tokens: what `costOf` says, in plain numbers as long as those are exact. */
function moneyOf(input: number, output: number, rates: PriceRates): number {
  const millionths =
    input * Number(rates.input) + output * Number(rates.output) + HALF_MILLION;
  if (millionths > MAX_AMOUNT) {
    return countable(costOf({ ...NO_TOKENS, input, output }, rates));
  }
  const cost = (millionths - (millionths % MILLION)) / MILLION;
  return Math.min(cost + Number(rates.perRequest ?? 0n), MAX_AMOUNT);
}

/** More than can be counted is more than any limit. */
function countable(nanoUsd: bigint): number {
  return nanoUsd > BigInt(MAX_AMOUNT) ? MAX_AMOUNT : Number(nanoUsd);
}
