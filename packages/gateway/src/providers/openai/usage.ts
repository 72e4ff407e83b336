import {
  NO_TOKENS,
  type TokenUsage,
} from '@ai-gateway/backstage-plugin-ai-gateway-node';
import type { ReportedUsage } from '../spec';

/** No model has such a context: a provider that says so is not to be believed, and its usage is estimated instead. */
const MAX_PLAUSIBLE_TOKENS = 100_000_000;

/**
 * Reads OpenAI's `usage`.
 *
 * There, cached, audio and reasoning tokens are parts of `prompt_tokens` and `completion_tokens`; here every class stands for itself, so
 * that none is billed twice. A part larger than its whole is cut to it.
 */
export function readUsage(usage: unknown): ReportedUsage {
  if (!isRecord(usage)) return { kind: 'absent' };
  const prompt = count(usage.prompt_tokens);
  const completion = count(usage.completion_tokens);
  if (prompt === undefined || completion === undefined) {
    return { kind: 'absent' };
  }
  const promptParts = isRecord(usage.prompt_tokens_details)
    ? usage.prompt_tokens_details
    : {};
  const completionParts = isRecord(usage.completion_tokens_details)
    ? usage.completion_tokens_details
    : {};

  const cachedInput = Math.min(count(promptParts.cached_tokens) ?? 0, prompt);
  const audioIn = Math.min(
    count(promptParts.audio_tokens) ?? 0,
    prompt - cachedInput,
  );
  const reasoning = Math.min(
    count(completionParts.reasoning_tokens) ?? 0,
    completion,
  );
  const audioOut = Math.min(
    count(completionParts.audio_tokens) ?? 0,
    completion - reasoning,
  );
  const tokens: TokenUsage = {
    ...NO_TOKENS,
    input: prompt - cachedInput - audioIn,
    cachedInput,
    output: completion - reasoning - audioOut,
    reasoning,
    audio: audioIn + audioOut,
  };
  return { kind: 'reported', tokens };
}

function count(value: unknown): number | undefined {
  return typeof value === 'number' &&
    Number.isInteger(value) &&
    value >= 0 &&
    value <= MAX_PLAUSIBLE_TOKENS
    ? value
    : undefined;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
