import { MAX_AMOUNT } from '@ai-gateway/backstage-plugin-ai-gateway-node';
import type { EntryFigures } from '../limits/Limiter';

/** By measure, the names of OpenAI's headers. */
const MEASURES = ['requests', 'tokens'] as const;

/**
 * OpenAI's `x-ratelimit-*` headers: of requests and of tokens a minute, where the level stands that has the least left of them.
 *
 * @param figures - after an admission, or of what refused
 */
export function rateLimitHeaders(
  figures: readonly EntryFigures[],
): Readonly<Record<string, string>> {
  const headers: Record<string, string> = {};
  for (const measure of MEASURES) {
    let tightest: EntryFigures | null = null;
    for (const figure of figures) {
      const { counter, limit, remaining } = figure;
      if (counter.measure !== measure || counter.window !== 'minute') continue;
      if (limit === MAX_AMOUNT) continue;
      if (tightest === null || remaining < tightest.remaining) {
        tightest = figure;
      }
    }
    if (!tightest) continue;
    headers[`x-ratelimit-limit-${measure}`] = String(tightest.limit);
    headers[`x-ratelimit-remaining-${measure}`] = String(tightest.remaining);
    headers[`x-ratelimit-reset-${measure}`] = goDuration(tightest.resetMs ?? 0);
  }
  return headers;
}

/** As OpenAI writes durations: `120ms`, `1s`, `6m0s`, `2h30m0s`. From a second on in whole seconds, rounded up. */
export function goDuration(ms: number): string {
  if (ms < 1_000) return `${Math.ceil(ms)}ms`;
  const total = Math.ceil(ms / 1_000);
  const seconds = total % 60;
  const minutes = Math.floor(total / 60) % 60;
  const hours = Math.floor(total / 3_600);
  if (hours > 0) return `${hours}h${minutes}m${seconds}s`;
  return minutes > 0 ? `${minutes}m${seconds}s` : `${seconds}s`;
}
