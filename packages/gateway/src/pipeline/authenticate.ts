import { refuse } from '../errors/registry';
import type { Exchange } from '../http/exchange';
import type { KeyRecord } from '../keys/KeyTable';
import type { Gateway } from './Gateway';
import { next, refused, type Step } from './Step';

/** A request of which we know whose it is. */
export interface Authenticated {
  readonly exchange: Exchange;
  readonly key: KeyRecord;
}

const BEARER = /^Bearer +(.+)$/i;

/** Finds out whose a request is, by its API key. */
export async function authenticate(
  { exchange }: { readonly exchange: Exchange },
  gateway: Gateway,
): Promise<Step<Authenticated>> {
  const header = exchange.req.headers.authorization?.trim();
  if (!header) return refused(refuse('missing_api_key', {}));
  const apiKey = BEARER.exec(header)?.[1];
  if (apiKey === undefined) return refused(refuse('malformed_api_key', {}));
  const verdict = await gateway.keys.verify(apiKey);
  if (!verdict.ok) return refused(verdict.refusal);
  exchange.facts.keyId = verdict.key.id;
  exchange.facts.projectId = verdict.key.projectId;
  return next({ exchange, key: verdict.key });
}
