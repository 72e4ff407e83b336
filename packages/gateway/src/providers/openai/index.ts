import { remembered } from '../remembered';
import type { Credential, ProviderKind, UpstreamTarget } from '../spec';
import { mapError } from '../mapError';
import { createOpenAiKind, type OpenAiAddress } from './createOpenAiKind';

const baseOf = remembered(baseUrl =>
  new URL(baseUrl).pathname.replace(/\/+$/, ''),
);

/** OpenAI itself: newer models know `max_completion_tokens` only. */
export const openai: ProviderKind = {
  telemetryName: 'openai',
  prepare: createOpenAiKind({ address, flavour: 'openai' }),
  mapError,
  probe: target => address('/models', target),
};

/** vLLM and the many others that speak OpenAI's dialect. */
export const openaiCompatible: ProviderKind = {
  telemetryName: null,
  prepare: createOpenAiKind({ address, flavour: 'compatible' }),
  mapError,
  probe: target => address('/models', target),
};

/** The base URL goes up to and including the version: `https://api.openai.com/v1`. */
function address(path: string, target: UpstreamTarget): OpenAiAddress {
  const { credential, baseUrl, requestId } = target;
  const headers = ['x-request-id', requestId];
  if (credential) headers.push('authorization', bearer(credential));
  return { path: baseOf(baseUrl) + path, headers };
}

function bearer(credential: Credential): string {
  return `Bearer ${credential.kind === 'key' ? credential.secret : credential.token}`;
}
