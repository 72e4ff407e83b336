import type { Fault } from '../faults/kinds';
import type { Reply } from '../text/reply';
import {
  CONTENT_FILTER_RESULTS,
  PROMPT_FILTER_RESULTS,
} from './contentFilters';
import { chatLogprobs } from './logprobs';
import type { ChatPlan } from './plan';
import { usageBody } from './usage';

/** What every chunk and body of one completion has in common. */
export interface CompletionHead {
  readonly id: string;
  readonly created: number;
  readonly model: string;
  /** Whether the verdicts of content filters are told. */
  readonly contentFilters: boolean;
  /** How many likeliest tokens are told with each token; undefined for no log probabilities at all. */
  readonly topLogprobs: number | undefined;
}

export const SYSTEM_FINGERPRINT = 'fp_simulator';

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
    ...(head.contentFilters && {
      prompt_filter_results: PROMPT_FILTER_RESULTS,
    }),
    choices: plan.replies.map((reply, index) => ({
      index,
      message: {
        role: 'assistant',
        content: reply.text?.text ?? null,
        refusal: null,
        ...(reply.calls.length > 0 && {
          tool_calls: reply.calls.map((call, number) => ({
            id: callId(head, index, number),
            type: 'function',
            function: { name: call.tool, arguments: call.text },
          })),
        }),
      },
      logprobs:
        head.topLogprobs === undefined || !reply.text
          ? null
          : chatLogprobs(reply.text.pieces, head.topLogprobs),
      finish_reason: finishReason(reply),
      ...(head.contentFilters && {
        content_filter_results: CONTENT_FILTER_RESULTS,
      }),
    })),
    ...(fault?.kind !== 'no-usage' && { usage: usageBody(plan.usage, fault) }),
    system_fingerprint: SYSTEM_FINGERPRINT,
  });
}

export function finishReason({
  end,
  calls,
}: Reply): 'stop' | 'length' | 'tool_calls' {
  if (end === 'length') return 'length';
  return calls.length === 0 ? 'stop' : 'tool_calls';
}

/** A tool call's id is unique as the completion's is, and a recorded answer can be traced by it. */
export function callId(
  { id }: Pick<CompletionHead, 'id'>,
  choice: number,
  call: number,
): string {
  const first = `call_${id.replace(/^chatcmpl-/, '')}_${choice}`;
  return call === 0 ? first : `${first}_${call}`;
}
