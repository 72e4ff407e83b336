import { MAX_AMOUNT } from '@ai-gateway/backstage-plugin-ai-gateway-node';
import type { EntryFigures } from '../limits/Limiter';

/**
 * OpenAI's `x-ratelimit-*` headers: of requests and of tokens a minute, where the level stands that has the least left of them.
 *
 * @param figures - after an admission, or of what refused; `null` for what was not counted
 */
export function rateLimitHeaders(
  figures: readonly (EntryFigures | null)[],
): Record<string, string> {
  let requests: EntryFigures | null = null;
  let tokens: EntryFigures | null = null;
  for (const figure of figures) {
    if (figure?.counter.window !== 'minute') continue;
    if (figure.limit === MAX_AMOUNT) continue;
    if (figure.counter.measure === 'requests') {
      requests = tighter(requests, figure);
    } else {
      tokens = tighter(tokens, figure);
    }
  }
  const headers: Record<string, string> = {};
  if (requests) {
    headers['x-ratelimit-limit-requests'] = String(requests.limit);
    headers['x-ratelimit-remaining-requests'] = String(requests.remaining);
    headers['x-ratelimit-reset-requests'] = goDuration(requests.resetMs ?? 0);
  }
  if (tokens) {
    headers['x-ratelimit-limit-tokens'] = String(tokens.limit);
    headers['x-ratelimit-remaining-tokens'] = String(tokens.remaining);
    headers['x-ratelimit-reset-tokens'] = goDuration(tokens.resetMs ?? 0);
  }
  return headers;
}

/** Of equals the first, which is of the narrower level. */
function tighter(a: EntryFigures | null, b: EntryFigures): EntryFigures {
  return a !== null && a.remaining <= b.remaining ? a : b;
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
