import type { CacheMarker } from '../canonical/request';
import type { Fields } from '../reading/Fields';

/**
 * Where a prompt may be cached up to: OpenAI's `prompt_cache_breakpoint`, or Anthropic's `cache_control`, which OpenAI-style clients of
 * other gateways put on a part or a tool. OpenAI's lifetimes are other than Anthropic's, and left to the provider.
 */
export function readCacheMarker(fields: Fields): CacheMarker | undefined {
  const breakpoint = fields.object('prompt_cache_breakpoint');
  breakpoint?.ignore(['mode', 'ttl']);
  breakpoint?.refuseRest();
  const control = fields.object('cache_control');
  if (!control) return breakpoint && {};
  control.word('type', ['ephemeral']);
  const lifetime = control.word('ttl', ['5m', '1h']);
  control.refuseRest();
  return lifetime ? { lifetime } : {};
}
