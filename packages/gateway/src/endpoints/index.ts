import { chatCompletions } from './chatCompletions';
import { completions } from './completions';
import { embeddings } from './embeddings';
import type { Endpoint } from './Endpoint';
import { countTokens, messages } from './messages';

export type { ClientRequest } from './ClientRequest';
export type { Endpoint, EndpointId, ParsedRequest } from './Endpoint';

/** All ways into the gateway by which a model is asked. */
export const ENDPOINTS: readonly Endpoint[] = [
  chatCompletions,
  completions,
  embeddings,
  messages,
  countTokens,
];
