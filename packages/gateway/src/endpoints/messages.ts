import { readAnthropicHeaders } from './anthropicHeaders';
import type { ClientRequest } from './ClientRequest';
import type {
  Endpoint,
  EndpointId,
  ParsedRequest,
  RequestHeaders,
} from './Endpoint';
import { RequestFields } from './RequestFields';
import { setMembers } from './setMembers';

/** `POST /v1/messages`, Anthropic's chat. */
export const messages: Endpoint = {
  id: 'messages',
  path: '/v1/messages',
  errors: 'anthropic',
  free: false,
  parse: (bytes, headers) => {
    const read = readMessages('messages', bytes, headers);
    if (!read.ok) return read;
    const { fields, request } = read;
    // Zero is a wish to fill the cache, and nothing more.
    const maxOutputTokens = fields.count('max_tokens', 0);
    fields.present('max_tokens');
    const stream = fields.flag('stream');
    if (fields.problem) return { ok: false, refusal: fields.problem };
    return {
      ok: true,
      request: {
        ...request,
        stream,
        includeUsage: stream,
        maxOutputTokens,
        withMaxOutputTokens: tokens => {
          const again = messages.parse(
            setMembers(bytes, fields.object, ['max_tokens'], tokens),
            headers,
          );
          // It has been read before, and a number put into it.
          if (!again.ok) throw new TypeError(again.refusal.message);
          return again.request;
        },
      },
    };
  },
};

/** `POST /v1/messages/count_tokens`: what a request would give the model to read. */
export const countTokens: Endpoint = {
  id: 'count_tokens',
  path: '/v1/messages/count_tokens',
  errors: 'anthropic',
  free: true,
  parse: (bytes, headers): ParsedRequest => {
    const read = readMessages('count_tokens', bytes, headers);
    if (!read.ok) return read;
    const { fields, request } = read;
    return fields.problem
      ? { ok: false, refusal: fields.problem }
      : { ok: true, request };
  },
};

/** What both have: a model, and what it is to read. */
function readMessages(
  endpoint: EndpointId,
  bytes: Buffer,
  clientHeaders: RequestHeaders,
):
  | {
      readonly ok: true;
      readonly fields: RequestFields;
      readonly request: ClientRequest;
    }
  | Extract<ParsedRequest, { ok: false }> {
  const headers = readAnthropicHeaders(clientHeaders);
  if (!headers.ok) return headers;
  const scanned = RequestFields.scan(bytes);
  if (!scanned.ok) return scanned;
  const { fields } = scanned;
  const model = fields.model();
  fields.required('messages', ['array'], 'an array of messages', 'message');
  const request: ClientRequest = {
    endpoint,
    bytes,
    object: fields.object,
    headers: headers.headers,
    model,
    stream: false,
    includeUsage: false,
    maxOutputTokens: 0,
    choices: 1,
    estimatedInputTokens: fields.estimatedTokensOf(
      'system',
      'messages',
      'tools',
    ),
    withMaxOutputTokens: () => request,
  };
  return { ok: true, fields, request };
}
