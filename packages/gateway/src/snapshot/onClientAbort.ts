/**
 * What becomes of an answer whose client has hung up.
 *
 * - `drain`: the upstream finishes, within bounds, and tells the exact usage.
 * - `abort`: it is stopped at once, and what came so far is billed by an estimate.
 */
export type OnClientAbort = 'drain' | 'abort';

/**
 * Kinds that bill for what they go on generating, or have begun to: an exact figure is worth more than stopping them. All others run on
 * hardware of one's own, where stopping frees it for someone else.
 */
const BILLED_BY_THE_TOKEN: ReadonlySet<string> = new Set([
  'openai',
  'azure-openai',
  'anthropic',
]);

/** Reads the setting of a provider, or takes what suits its kind; `undefined` when the setting is neither. */
export function readOnClientAbort(
  kind: string,
  settings: Readonly<Record<string, unknown>>,
): OnClientAbort | undefined {
  const value = settings.onClientAbort;
  if (value === 'drain' || value === 'abort') return value;
  if (value !== undefined) return undefined;
  return BILLED_BY_THE_TOKEN.has(kind) ? 'drain' : 'abort';
}
