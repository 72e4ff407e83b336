import type { PriceRates } from '@ai-gateway/backstage-plugin-ai-gateway-node';

/** Each amount's column, and the name that queries give it. */
const AMOUNTS = {
  input: 'input_nano_usd_per_million',
  output: 'output_nano_usd_per_million',
  cachedInput: 'cached_input_nano_usd_per_million',
  cacheWrite: 'cache_write_nano_usd_per_million',
  reasoning: 'reasoning_nano_usd_per_million',
  audio: 'audio_nano_usd_per_million',
  image: 'image_nano_usd_per_million',
  perRequest: 'request_nano_usd',
} as const satisfies Record<keyof PriceRates, string>;

/** The amounts of a price as the driver gives them: 64-bit integers come as text. All are `null` where an outer join found no price. */
export type PriceAmountRow = Record<keyof PriceRates, string | null>;

const NAMES = Object.keys(AMOUNTS) as Array<keyof PriceRates>;

/** The columns of the amounts, for a SELECT. */
export function priceColumns(table: string): string {
  return NAMES.map(name => `${table}.${AMOUNTS[name]} AS "${name}"`).join(', ');
}

/** The amounts of a row; `null` where there is no price. */
export function ratesOf(row: PriceAmountRow): PriceRates | null {
  if (row.input === null || row.output === null) return null;
  const optional = (text: string | null) =>
    text === null ? null : BigInt(text);
  return {
    input: BigInt(row.input),
    output: BigInt(row.output),
    cachedInput: optional(row.cachedInput),
    cacheWrite: optional(row.cacheWrite),
    reasoning: optional(row.reasoning),
    audio: optional(row.audio),
    image: optional(row.image),
    perRequest: optional(row.perRequest),
  };
}

/** The amounts as columns, for an INSERT. */
export function columnsOfRates(
  rates: PriceRates,
): Record<string, string | null> {
  return Object.fromEntries(
    NAMES.map(name => [AMOUNTS[name], rates[name]?.toString() ?? null]),
  );
}
