/** How long completions were: a moving mean, and a moving mean of how far they were from it. */
export interface CompletionHistory {
  readonly samples: number;
  readonly mean: number;
  readonly deviation: number;
}

/** Weights of the newest sample, and how many deviations are allowed for: as TCP expects round trips, RFC 6298. */
const MEAN_WEIGHT = 1 / 8;
const DEVIATION_WEIGHT = 1 / 4;
const DEVIATIONS = 2;

/** A history with one more completion in it. The first few weigh alike. */
export function observe(
  history: CompletionHistory | null,
  completionTokens: number,
): CompletionHistory {
  if (!history) {
    return { samples: 1, mean: completionTokens, deviation: 0 };
  }
  const samples = history.samples + 1;
  const distance = Math.abs(completionTokens - history.mean);
  const weigh = (weight: number) => Math.max(weight, 1 / samples);
  return {
    samples,
    mean: history.mean + weigh(MEAN_WEIGHT) * (completionTokens - history.mean),
    deviation:
      history.deviation +
      weigh(DEVIATION_WEIGHT) * (distance - history.deviation),
  };
}

/** What most completions will not be longer than. In whole tokens. */
export function expectedOf({ mean, deviation }: CompletionHistory): number {
  return Math.ceil(mean + DEVIATIONS * deviation);
}
