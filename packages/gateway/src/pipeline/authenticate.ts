import { refuse } from '../errors/registry';
import type { Exchange } from '../http/exchange';
import type { KeyRecord } from '../keys/KeyTable';
import { apiKeyOf } from './apiKeyOf';
import type { Gateway } from './Gateway';
import type { Received } from './receive';
import { next, refused, type Step } from './Step';

/** A request of which we know whose it is. */
export interface Authenticated extends Received {
  readonly key: KeyRecord;
}

/** Finds out whose a request is, by its API key. */
export async function authenticate<R extends { readonly exchange: Exchange }>(
  received: R,
  gateway: Gateway,
): Promise<Step<R & { readonly key: KeyRecord }>> {
  const { exchange } = received;
  const apiKey = apiKeyOf(exchange.req.headers, exchange.errors);
  if (!apiKey) {
    const code = apiKey === null ? 'missing_api_key' : 'malformed_api_key';
    return refused(refuse(code, {}));
  }
  const verdict = await gateway.keys.verify(apiKey);
  if (!verdict.ok) return refused(verdict.refusal);
  exchange.facts.keyId = verdict.key.id;
  exchange.facts.projectId = verdict.key.projectId;
  return next({ ...received, key: verdict.key });
}
