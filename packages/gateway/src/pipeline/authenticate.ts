import { refuse } from '../errors/registry';
import type { Exchange } from '../http/exchange';
import type { KeyVerdict } from '../keys/KeyRing';
import type { KeyRecord } from '../keys/KeyRecord';
import { apiKeyOf } from './apiKeyOf';
import type { Gateway } from './Gateway';
import type { Received } from './receive';
import { next, refused, type Step } from './Step';

/** A request of which we know whose it is. */
export interface Authenticated extends Received {
  readonly key: KeyRecord;
}

type Authentication<R> = Step<R & { readonly key: KeyRecord }>;

/** Finds out whose a request is, by its API key; at once, unless that is new to this gateway. */
export function authenticate<R extends { readonly exchange: Exchange }>(
  received: R,
  gateway: Gateway,
): Authentication<R> | Promise<Authentication<R>> {
  const { exchange } = received;
  const apiKey = apiKeyOf(exchange.req.headers, exchange.errors);
  if (!apiKey) {
    const code = apiKey === null ? 'missing_api_key' : 'malformed_api_key';
    return refused(refuse(code, {}));
  }
  const verdict = gateway.keys.verify(apiKey, exchange.req.socket);
  return verdict instanceof Promise
    ? verdict.then(later => authenticated(received, later))
    : authenticated(received, verdict);
}

function authenticated<R extends { readonly exchange: Exchange }>(
  received: R,
  verdict: KeyVerdict,
): Authentication<R> {
  if (!verdict.ok) return refused(verdict.refusal);
  const { key } = verdict;
  const { facts } = received.exchange;
  facts.keyId = key.id;
  facts.projectId = key.projectId;
  return next({ ...received, key });
}
