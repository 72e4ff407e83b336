import type { ClientRequest, EndpointId } from '../../endpoints';
import { scanJsonObject, valueOf } from '../../wire/jsonScan';
import type { Edit } from '../../wire/splice';

/** Where OpenAI has what it is asked for here. */
export const OPENAI_PATHS = {
  'chat.completions': '/chat/completions',
  completions: '/completions',
  embeddings: '/embeddings',
} as const satisfies Partial<Record<EndpointId, string>>;

/** What OpenAI is asked for. */
export type OpenAiEndpoint = keyof typeof OPENAI_PATHS;

/** Whether OpenAI has such an endpoint. */
export function isOpenAiEndpoint(id: EndpointId): id is OpenAiEndpoint {
  return id in OPENAI_PATHS;
}

/**
 * How many choices a stream is to have: so many for each prompt. Others that are generated and thrown away, as `best_of` asks, are not
 * among them.
 */
export function choicesOf({ bytes, object }: ClientRequest): number {
  const { members } = object;
  const n = members.get('n');
  const each = n?.kind === 'number' ? Number(valueOf(bytes, n)) : 1;
  const prompt = members.get('prompt');
  return prompt?.kind === 'array'
    ? each * promptsIn(valueOf(bytes, prompt))
    : each;
}

/** An array may hold prompts, or be one that is made of tokens. */
function promptsIn(prompts: unknown): number {
  return Array.isArray(prompts) && typeof prompts[0] !== 'number'
    ? Math.max(1, prompts.length)
    : 1;
}

/** Asks a stream for its usage, which is what it is billed by, whether or not the client wants to see it. */
export function usageEdit({ bytes, object }: ClientRequest): Edit {
  const options = object.members.get('stream_options');
  if (!options) {
    return {
      start: object.open,
      end: object.open,
      with: '"stream_options":{"include_usage":true},',
    };
  }
  const inner =
    options.kind === 'object'
      ? scanJsonObject(bytes, options.start, options.end)
      : undefined;
  if (!inner?.ok) {
    return {
      start: options.start,
      end: options.end,
      with: '{"include_usage":true}',
    };
  }
  const asked = inner.object.members.get('include_usage');
  if (asked) return { start: asked.start, end: asked.end, with: 'true' };
  return {
    start: inner.object.open,
    end: inner.object.open,
    with: `"include_usage":true${inner.object.members.size > 0 ? ',' : ''}`,
  };
}
