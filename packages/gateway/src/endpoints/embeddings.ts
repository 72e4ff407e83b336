import type { ClientRequest } from './ClientRequest';
import type { Endpoint, ParsedRequest } from './Endpoint';
import { RequestFields } from './RequestFields';

/** `POST /v1/embeddings`, OpenAI's vectors of texts. */
export const embeddings: Endpoint = {
  id: 'embeddings',
  path: '/v1/embeddings',
  errors: 'openai',
  free: false,
  parse,
};

function parse(bytes: Buffer): ParsedRequest {
  const scanned = RequestFields.scan(bytes);
  if (!scanned.ok) return scanned;
  const { fields } = scanned;
  const model = fields.model();
  fields.required(
    'input',
    ['string', 'array'],
    'a text, or an array of texts or tokens',
    'text or token',
  );
  if (fields.problem) return { ok: false, refusal: fields.problem };
  const request: ClientRequest = {
    endpoint: embeddings.id,
    bytes,
    object: fields.object,
    headers: {},
    model,
    // There are no streams of vectors, and OpenAI takes no notice of who asks for one.
    stream: false,
    includeUsage: false,
    maxOutputTokens: 0,
    choices: 1,
    estimatedInputTokens: fields.estimatedTokensOf('input'),
    withMaxOutputTokens: () => request,
  };
  return { ok: true, request };
}
