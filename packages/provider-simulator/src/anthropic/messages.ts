import type { Operation } from '../generation/operation';
import { admit } from './admit';
import { errorReply, requestIdOf, STREAM_ERROR_EVENT, tell } from './errors';
import { messageBody } from './message';
import { planMessage } from './plan';
import type { MessagesRequest } from './schema';
import { messageEvents } from './stream';
import { parseMessagesRequest } from './validate';
import { versionOf } from './version';

interface MessagesAsked {
  readonly model: string;
  readonly stream: boolean;
  readonly includeUsage: true;
  readonly body: MessagesRequest;
}

/** What the endpoints under `/v1/messages` have in common. */
export const COMMON = {
  idPrefix: 'msg_',
  errorEvent: STREAM_ERROR_EVENT,
  malformedEvent:
    'event: content_block_delta\ndata: {"type":"content_block_delta","index":0,"delta":{"type":"text_del\n\n',
  headers: (id: string) => ({
    'x-request-id': id,
    'request-id': requestIdOf(id),
  }),
  admit,
  tell,
};

/** `POST /v1/messages`. */
export const messages: Operation<MessagesAsked> = {
  ...COMMON,
  parse: (body, id, headers) => {
    const parsed = parseMessagesRequest(body, versionOf(headers));
    if (!parsed.ok)
      return { ok: false, error: errorReply(400, parsed.message, id) };
    const { model, stream = false } = parsed.request;
    return {
      ok: true,
      request: { model, stream, includeUsage: true, body: parsed.request },
    };
  },
  generate: ({ body }, context) => {
    const { id, fault, tokensPerChunk } = context;
    const plan = planMessage(body, context);
    const head = { id, model: body.model };
    return {
      usage: plan.usage,
      body: () => messageBody(head, plan, fault),
      events: () => messageEvents(head, plan, { tokensPerChunk, fault }),
    };
  },
};
