import type { UsageSums } from './UsageStore';

const COLUMNS = [
  'requests',
  'errors',
  'input_tokens',
  'cached_input_tokens',
  'cache_write_tokens',
  'output_tokens',
  'reasoning_tokens',
  'audio_tokens',
  'image_tokens',
  'cost_nano_usd',
  'latency_ms_sum',
  'time_to_first_token_ms_sum',
  'time_to_first_token_count',
] as const;

/** Sums as the driver gives them: exact numbers of any size come as text; over nothing they are `null`. */
export type UsageSumsRow = Record<(typeof COLUMNS)[number], string | null>;

/** The sum of every additive column, under its own name, so that sums can be summed up again. */
export function sumColumns(): string {
  return COLUMNS.map(column => `sum(${column}) AS ${column}`).join(', ');
}

/** Reads a row of {@link sumColumns}. Money stays exact; counts are far from where a number would not. */
export function sumsOf(row: UsageSumsRow): UsageSums {
  return {
    requests: Number(row.requests),
    errors: Number(row.errors),
    tokens: {
      input: Number(row.input_tokens),
      cachedInput: Number(row.cached_input_tokens),
      cacheWrite: Number(row.cache_write_tokens),
      output: Number(row.output_tokens),
      reasoning: Number(row.reasoning_tokens),
      audio: Number(row.audio_tokens),
      image: Number(row.image_tokens),
    },
    costNanoUsd: BigInt(row.cost_nano_usd ?? 0),
    latencyMsSum: Number(row.latency_ms_sum),
    timeToFirstTokenMsSum: Number(row.time_to_first_token_ms_sum),
    timeToFirstTokenCount: Number(row.time_to_first_token_count),
  };
}
