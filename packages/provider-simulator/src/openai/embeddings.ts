import { z } from 'zod';
import type { Fault } from '../faults/kinds';
import { tellCount } from '../faults/usage';
import type { Operation } from '../generation/operation';
import { embed, MAX_DIMENSIONS } from '../text/embedding';
import { COMMON } from './common';
import { invalidRequest } from './errors';
import { errorOfIssue } from './issues';
import { replyOf } from './tell';
import { countedTexts, textInput, type CountedText } from './tokenInput';

const DEFAULT_DIMENSIONS = 1_536;
const MAX_INPUTS = 2_048;
const MAX_TOKENS_PER_INPUT = 8_192;
/** OpenAI's bound over all inputs of a request. */
const MAX_TOKENS = 300_000;

const embeddingsRequest = z.looseObject({
  model: z.string().min(1),
  input: textInput,
  dimensions: z.int().min(1).max(MAX_DIMENSIONS).nullish(),
  encoding_format: z.enum(['float', 'base64']).nullish(),
});

interface EmbeddingsAsked {
  readonly model: string;
  readonly stream: false;
  readonly includeUsage: false;
  readonly inputs: readonly CountedText[];
  readonly dimensions: number;
  readonly encoding: 'float' | 'base64';
}

/** `POST /v1/embeddings`. */
export const embeddings: Operation<EmbeddingsAsked> = {
  ...COMMON,
  idPrefix: 'embd-',
  parse: body => {
    const refuse = (message: string, param: string | null) => ({
      ok: false as const,
      error: replyOf(invalidRequest(message, { param })),
    });
    if (typeof body !== 'object' || body === null || Array.isArray(body))
      return refuse('The body of the request must be a JSON object.', null);
    const parsed = embeddingsRequest.safeParse(body);
    if (!parsed.success)
      return {
        ok: false,
        error: replyOf(errorOfIssue(parsed.error.issues[0])),
      };
    const { data } = parsed;
    const inputs = countedTexts(data.input);
    if (!inputs) return refuse("Invalid 'input': not a token.", 'input');
    if (inputs.length > MAX_INPUTS)
      return refuse(
        `Invalid 'input': at most ${MAX_INPUTS} inputs are allowed.`,
        'input',
      );
    if (inputs.some(({ text }) => text === ''))
      return refuse(
        "Invalid 'input': input cannot be an empty string.",
        'input',
      );
    const longest = Math.max(...inputs.map(({ tokens }) => tokens));
    if (longest > MAX_TOKENS_PER_INPUT)
      return refuse(
        `This model's maximum context length is ${MAX_TOKENS_PER_INPUT} tokens, however you requested ${longest} tokens.`,
        'input',
      );
    if (tokensOf(inputs) > MAX_TOKENS)
      return refuse(
        `Requested ${tokensOf(inputs)} tokens, max ${MAX_TOKENS} tokens per request.`,
        'input',
      );
    return {
      ok: true,
      request: {
        model: data.model,
        stream: false,
        includeUsage: false,
        inputs,
        dimensions: data.dimensions ?? DEFAULT_DIMENSIONS,
        encoding: data.encoding_format ?? 'float',
      },
    };
  },
  generate: (request, { fault }) => ({
    usage: {
      promptTokens: tokensOf(request.inputs),
      cachedTokens: 0,
      completionTokens: 0,
      reasoningTokens: 0,
    },
    body: () => embeddingsBody(request, fault),
    events: () => [],
  }),
};

function embeddingsBody(
  { model, inputs, dimensions, encoding }: EmbeddingsAsked,
  fault: Fault | undefined,
): string {
  const tokens = tellCount(tokensOf(inputs), fault);
  return JSON.stringify({
    object: 'list',
    data: inputs.map(({ text }, index) => {
      const vector = embed(text, dimensions);
      return {
        object: 'embedding',
        index,
        embedding: encoding === 'base64' ? base64Of(vector) : [...vector],
      };
    }),
    model,
    ...(fault?.kind !== 'no-usage' && {
      usage: { prompt_tokens: tokens, total_tokens: tokens },
    }),
  });
}

/** Single-precision numbers, least significant byte first on every machine. */
function base64Of(vector: Float32Array): string {
  const bytes = Buffer.alloc(vector.length * 4);
  vector.forEach((value, index) => bytes.writeFloatLE(value, index * 4));
  return bytes.toString('base64');
}

function tokensOf(inputs: readonly CountedText[]): number {
  return inputs.reduce((sum, { tokens }) => sum + tokens, 0);
}
