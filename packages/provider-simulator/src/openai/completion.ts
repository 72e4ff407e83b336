import type { Fault } from '../faults/kinds';
import type { Answer } from '../text/answer';
import type { ChatPlan, Usage } from './plan';

/** What every chunk and body of one completion has in common. */
export interface CompletionHead {
  readonly id: string;
  readonly created: number;
  readonly model: string;
}

export const SYSTEM_FINGERPRINT = 'fp_simulator';

const NOTHING: Usage = {
  promptTokens: 0,
  cachedTokens: 0,
  completionTokens: 0,
  reasoningTokens: 0,
};

/** The body of a completion that is not streamed. */
export function completionBody(
  head: CompletionHead,
  plan: ChatPlan,
  fault: Fault | undefined,
): string {
  return JSON.stringify({
    id: head.id,
    object: 'chat.completion',
    created: head.created,
    model: head.model,
    choices: plan.answers.map((answer, index) => ({
      index,
      message: {
        role: 'assistant',
        content: answer.tool === undefined ? answer.text : null,
        refusal: null,
        ...(answer.tool !== undefined && {
          tool_calls: [
            {
              id: callId(head, index),
              type: 'function',
              function: { name: answer.tool, arguments: answer.text },
            },
          ],
        }),
      },
      logprobs: null,
      finish_reason: finishReason(answer),
    })),
    ...(fault?.kind !== 'no-usage' && { usage: usageBody(plan.usage, fault) }),
    system_fingerprint: SYSTEM_FINGERPRINT,
  });
}

/** Usage in OpenAI's words. */
export function usageBody(usage: Usage, fault: Fault | undefined): object {
  const told = fault?.kind === 'zero-usage' ? NOTHING : usage;
  return {
    prompt_tokens: told.promptTokens,
    completion_tokens: told.completionTokens,
    total_tokens: told.promptTokens + told.completionTokens,
    prompt_tokens_details: {
      cached_tokens: told.cachedTokens,
      audio_tokens: 0,
    },
    completion_tokens_details: {
      reasoning_tokens: told.reasoningTokens,
      audio_tokens: 0,
      accepted_prediction_tokens: 0,
      rejected_prediction_tokens: 0,
    },
  };
}

export function finishReason(answer: Answer): 'stop' | 'length' | 'tool_calls' {
  if (answer.end === 'length') return 'length';
  return answer.tool === undefined ? 'stop' : 'tool_calls';
}

/** A tool call's id is unique as the completion's is, and a recorded answer can be traced by it. */
export function callId({ id }: CompletionHead, choice: number): string {
  return `call_${id.replace(/^chatcmpl-/, '')}_${choice}`;
}
