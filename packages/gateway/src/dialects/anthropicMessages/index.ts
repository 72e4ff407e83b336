import type { Dialect } from '../Dialect';
import { readError, writeErrorBody, writeErrorStatus } from './errors';
import { readRequest } from './readRequest';
import { readResponse } from './readResponse';
import { AnthropicMessagesStreamReader } from './StreamReader';
import { AnthropicMessagesStreamWriter } from './StreamWriter';
import type { AnthropicTarget } from './target';
import { writeRequest } from './writeRequest';
import { writeResponse } from './writeResponse';

export { readCountTokensRequest } from './readRequest';
export { writeTokenCount } from './tokenCount';
export { anthropicTarget, type AnthropicTarget } from './target';

/** Anthropic's messages. */
export const anthropicMessages: Dialect<AnthropicTarget> = {
  id: 'anthropic-messages',
  readRequest,
  writeRequest,
  readResponse,
  writeResponse: (response, identity) => ({
    ...writeResponse(response, identity),
  }),
  createStreamReader: () => new AnthropicMessagesStreamReader(),
  createStreamWriter: ({ identity, estimatedInputTokens }) =>
    new AnthropicMessagesStreamWriter(identity, estimatedInputTokens),
  readError,
  writeError: (error, requestId) => ({
    status: writeErrorStatus(error.kind),
    body: { ...writeErrorBody(error, requestId) },
  }),
};
