import { isJsonObject, objectOf, type JsonObject } from '../canonical/json';
import { partOf, tokenCount, type CanonicalUsage } from '../canonical/usage';
import type { OpenAiUsage } from './wire';

const NOTHING: JsonObject = {};

/** Reads `usage`: what OpenAI counts within `prompt_tokens` and `completion_tokens` is taken out of them. `undefined` when it tells none. */
export function readUsage(usage: unknown): CanonicalUsage | undefined {
  if (!isJsonObject(usage)) return undefined;
  const prompt = tokenCount(usage.prompt_tokens);
  const completion = tokenCount(usage.completion_tokens);
  if (prompt === undefined || completion === undefined) return undefined;
  const inDetails = objectOf(usage, 'prompt_tokens_details') ?? NOTHING;
  const outDetails = objectOf(usage, 'completion_tokens_details') ?? NOTHING;
  const cachedInput = partOf(prompt, inDetails.cached_tokens);
  const uncached = prompt - cachedInput;
  const cacheWrite = partOf(uncached, inDetails.cache_write_tokens);
  const unwritten = uncached - cacheWrite;
  const audioIn = partOf(unwritten, inDetails.audio_tokens);
  const unheard = unwritten - audioIn;
  const image = partOf(unheard, inDetails.image_tokens);
  const reasoning = partOf(completion, outDetails.reasoning_tokens);
  const said = completion - reasoning;
  const audioOut = partOf(said, outDetails.audio_tokens);
  return {
    input: unheard - image,
    cachedInput,
    cacheWrite,
    output: said - audioOut,
    reasoning,
    audio: audioIn + audioOut,
    image,
  };
}

/** Writes `usage`. Tokens of images and audio are shown as part of the prompt, without a line of their own. */
export function writeUsage(usage: CanonicalUsage): OpenAiUsage {
  const prompt =
    usage.input +
    usage.cachedInput +
    usage.cacheWrite +
    usage.audio +
    usage.image;
  const completion = usage.output + usage.reasoning;
  return {
    prompt_tokens: prompt,
    completion_tokens: completion,
    total_tokens: prompt + completion,
    prompt_tokens_details: {
      cached_tokens: usage.cachedInput,
      cache_write_tokens: usage.cacheWrite,
    },
    completion_tokens_details: { reasoning_tokens: usage.reasoning },
  };
}
