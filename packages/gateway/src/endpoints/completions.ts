import type { Endpoint, ParsedRequest } from './Endpoint';
import { MAX_EDITED_MEMBERS, RequestFields } from './RequestFields';
import { setMembers } from './setMembers';

/** `POST /v1/completions`, OpenAI's older way: a text that is gone on with. */
export const completions: Endpoint = {
  id: 'completions',
  path: '/v1/completions',
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
  fields.required(
    'prompt',
    ['string', 'array'],
    'a text, or an array of texts or tokens',
    'text or token',
  );
  const stream = fields.flag('stream');
  const includeUsage = fields.includeUsage(stream);
  const maxOutputTokens = fields.count('max_tokens', 0);
  const choices = Math.max(
    fields.count('n') ?? 1,
    fields.count('best_of') ?? 1,
  );
  if (fields.problem) return { ok: false, refusal: fields.problem };
  return {
    ok: true,
    request: {
      endpoint: completions.id,
      bytes,
      object,
      headers: {},
      model,
      stream,
      includeUsage,
      maxOutputTokens,
      choices,
      estimatedInputTokens: fields.estimatedTokensOf('prompt', 'suffix'),
      withMaxOutputTokens: tokens => {
        const again = parse(
          setMembers(bytes, object, ['max_tokens'], tokens),
          MAX_EDITED_MEMBERS,
        );
        // It has been read before, and a number put into it.
        if (!again.ok) throw new TypeError(again.refusal.message);
        return again.request;
      },
    },
  };
}
