import type { Dialect } from '../Dialect';
import { readError, writeErrorBody, writeErrorStatus } from './errors';
import { readRequest } from './readRequest';
import { readResponse } from './readResponse';
import { OpenAiChatStreamReader } from './StreamReader';
import { OpenAiChatStreamWriter } from './StreamWriter';
import type { OpenAiChatTarget } from './target';
import { writeRequest } from './writeRequest';
import { writeResponse } from './writeResponse';

export {
  openAiCompatibleTarget,
  openAiTarget,
  type OpenAiChatTarget,
} from './target';

/** OpenAI's chat completions. */
export const openAiChat: Dialect<OpenAiChatTarget> = {
  id: 'openai-chat',
  readRequest,
  writeRequest,
  readResponse,
  writeResponse: (response, identity) => ({
    ...writeResponse(response, identity),
  }),
  createStreamReader: () => new OpenAiChatStreamReader(),
  createStreamWriter: ({ identity, includeUsage }) =>
    new OpenAiChatStreamWriter(identity, includeUsage),
  readError,
  writeError: (error, requestId) => ({
    status: writeErrorStatus(error.kind),
    body: {
      error: { ...writeErrorBody(error).error, request_id: requestId },
    },
  }),
};
