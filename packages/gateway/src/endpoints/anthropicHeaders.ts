import { refuse, type Refusal } from '../errors/registry';
import type { RequestHeaders } from './Endpoint';

/** What is spoken when a client does not say. */
export const ANTHROPIC_VERSION = '2023-06-01';

const VERSION = /^20\d\d-\d\d-\d\d$/;
const BETA = /^[A-Za-z0-9._:-]+(?: *, *[A-Za-z0-9._:-]+)*$/;

/** The headers by which a client says which version of Anthropic's dialect it speaks, and which trials it takes part in. */
export function readAnthropicHeaders(
  headers: RequestHeaders,
):
  | { readonly ok: true; readonly headers: Readonly<Record<string, string>> }
  | { readonly ok: false; readonly refusal: Refusal } {
  const version = headers['anthropic-version'] ?? ANTHROPIC_VERSION;
  if (typeof version !== 'string' || !VERSION.test(version)) {
    return no(
      'anthropic-version',
      `must be a date such as ${ANTHROPIC_VERSION}`,
    );
  }
  const beta = headers['anthropic-beta'];
  if (beta === undefined || beta === '') {
    return { ok: true, headers: { 'anthropic-version': version } };
  }
  const betas = typeof beta === 'string' ? beta : beta.join(',');
  if (betas.length > 1_000 || !BETA.test(betas)) {
    return no('anthropic-beta', 'must be names with commas between');
  }
  return {
    ok: true,
    headers: { 'anthropic-version': version, 'anthropic-beta': betas },
  };
}

function no(param: string, reason: string) {
  return {
    ok: false as const,
    refusal: refuse('invalid_parameter', { param, reason }),
  };
}
