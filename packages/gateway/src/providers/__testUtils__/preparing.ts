import { chatCompletions } from '../../endpoints/chatCompletions';
import { messages } from '../../endpoints/messages';
import type { Prepared, ProviderKind, UpstreamCall } from '../spec';

const target = {
  baseUrl: 'https://provider.example.com/v1',
  upstreamModel: 'up',
  credential: null,
  settings: {},
  requestId: 'r-1',
  receivedAt: 1_700_000_000_000,
};

/** What a provider makes of a request: Anthropic's if it says how much may be generated, as all of those do, or OpenAI's. */
export function prepare(kind: ProviderKind, body: object): Prepared {
  const endpoint = 'max_tokens' in body ? messages : chatCompletions;
  const parsed = endpoint.parse(Buffer.from(JSON.stringify(body)), {});
  if (!parsed.ok) throw new Error(parsed.refusal.message);
  return kind.prepare(parsed.request, target);
}

/** The same, of one that can be made. */
export function callOf(kind: ProviderKind, body: object): UpstreamCall {
  const prepared = prepare(kind, body);
  if (prepared.kind !== 'call') throw new Error(JSON.stringify(prepared));
  return prepared.call;
}

export const HI = [{ role: 'user', content: 'Hi' }];
