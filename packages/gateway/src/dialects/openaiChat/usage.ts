import { NO_TOKENS } from '@ai-gateway/backstage-plugin-ai-gateway-node';
import { isJsonObject, objectOf } from '../canonical/json';
import { takeParts, tokenCount, type CanonicalUsage } from '../canonical/usage';
import type { OpenAiUsage } from './wire';

/** Reads `usage`: what OpenAI counts within `prompt_tokens` and `completion_tokens` is taken out of them. `undefined` when it tells none. */
export function readUsage(usage: unknown): CanonicalUsage | undefined {
  if (!isJsonObject(usage)) return undefined;
  const prompt = tokenCount(usage.prompt_tokens);
  const completion = tokenCount(usage.completion_tokens);
  if (prompt === undefined || completion === undefined) return undefined;
  const inDetails = objectOf(usage, 'prompt_tokens_details') ?? {};
  const outDetails = objectOf(usage, 'completion_tokens_details') ?? {};
  const {
    parts: [cachedInput, cacheWrite, audioIn, image],
    rest: input,
  } = takeParts(prompt, [
    inDetails.cached_tokens,
    inDetails.cache_write_tokens,
    inDetails.audio_tokens,
    inDetails.image_tokens,
  ]);
  const {
    parts: [reasoning, audioOut],
    rest: output,
  } = takeParts(completion, [
    outDetails.reasoning_tokens,
    outDetails.audio_tokens,
  ]);
  return {
    ...NO_TOKENS,
    input,
    cachedInput,
    cacheWrite,
    output,
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
