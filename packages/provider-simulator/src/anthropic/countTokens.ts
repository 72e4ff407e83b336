import { tellCount } from '../faults/usage';
import type { Operation } from '../generation/operation';
import { errorReply } from './errors';
import { COMMON } from './messages';
import { promptSegments, sumSegments } from './promptSegments';
import type { Prompt } from './schema';
import { parseCountTokensRequest } from './validate';
import { versionOf } from './version';

interface CountAsked {
  readonly model: string;
  readonly stream: false;
  readonly includeUsage: false;
  readonly body: Prompt;
}

/** `POST /v1/messages/count_tokens`: what a message would have as its prompt tokens. */
export const countTokens: Operation<CountAsked> = {
  ...COMMON,
  unbilled: true,
  parse: (body, id, headers) => {
    const parsed = parseCountTokensRequest(body, versionOf(headers));
    return parsed.ok
      ? {
          ok: true,
          request: {
            model: parsed.request.model,
            stream: false,
            includeUsage: false,
            body: parsed.request,
          },
        }
      : { ok: false, error: errorReply(400, parsed.message, id) };
  },
  generate: ({ body }, { fault }) => {
    const promptTokens = sumSegments(promptSegments(body));
    return {
      usage: {
        promptTokens,
        cachedTokens: 0,
        completionTokens: 0,
        reasoningTokens: 0,
      },
      body: () =>
        JSON.stringify({ input_tokens: tellCount(promptTokens, fault) }),
      events: () => [],
    };
  },
};
