import type { Endpoint, ParsedRequest } from './Endpoint';
import { MAX_EDITED_MEMBERS, RequestFields } from './RequestFields';
import { setMembers } from './setMembers';

/** `POST /v1/chat/completions`, OpenAI's chat. */
export const chatCompletions: Endpoint = {
  id: 'chat.completions',
  path: '/v1/chat/completions',
  errors: 'openai',
  free: false,
  parse: bytes => parse(bytes),
};

function parse(bytes: Buffer, mostMembers?: number): ParsedRequest {
  const scanned = RequestFields.scan(bytes, mostMembers);
  if (!scanned.ok) return scanned;
  const { fields } = scanned;
  const { object } = fields;
  const model = fields.model();
  fields.required('messages', ['array'], 'an array of messages', 'message');
  const stream = fields.flag('stream');
  const includeUsage = fields.includeUsage(stream);
  const older = fields.count('max_tokens');
  const maxOutputTokens = fields.count('max_completion_tokens') ?? older;
  const choices = fields.count('n') ?? 1;
  if (fields.problem) return { ok: false, refusal: fields.problem };
  return {
    ok: true,
    request: {
      endpoint: chatCompletions.id,
      bytes,
      object,
      headers: {},
      model,
      stream,
      includeUsage,
      maxOutputTokens,
      choices,
      estimatedInputTokens: fields.estimatedTokensOf('messages', 'tools'),
      withMaxOutputTokens: tokens =>
        parseAgain(
          setMembers(
            bytes,
            object,
            ['max_completion_tokens', 'max_tokens'],
            tokens,
          ),
        ),
    },
  };
}

function parseAgain(bytes: Buffer) {
  const again = parse(bytes, MAX_EDITED_MEMBERS);
  // It has been read before, and a number put into it.
  if (!again.ok) throw new TypeError(again.refusal.message);
  return again.request;
}
