import type { Fault } from '../faults/kinds';
import { tellCount } from '../faults/usage';
import type { Usage } from '../generation/operation';

/** Usage in OpenAI's words. */
export function usageBody(usage: Usage, fault: Fault | undefined): object {
  const { promptTokens, completionTokens } = usage;
  return {
    prompt_tokens: tellCount(promptTokens, fault),
    completion_tokens: tellCount(completionTokens, fault),
    total_tokens: tellCount(promptTokens + completionTokens, fault),
    prompt_tokens_details: {
      cached_tokens: tellCount(usage.cachedTokens, fault),
      audio_tokens: 0,
    },
    completion_tokens_details: {
      reasoning_tokens: tellCount(usage.reasoningTokens, fault),
      audio_tokens: 0,
      accepted_prediction_tokens: 0,
      rejected_prediction_tokens: 0,
    },
  };
}
