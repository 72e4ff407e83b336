import type { Fault } from '../faults/kinds';
import { tellCount } from '../faults/usage';
import type { Reply } from '../text/reply';
import type { MessagePlan, MessageUsage } from './plan';
import { signatureOf } from './signature';

/** What the body and the first event of one message have in common. */
export interface MessageHead {
  readonly id: string;
  readonly model: string;
}

/** The body of a message that is not streamed. */
export function messageBody(
  { id, model }: MessageHead,
  plan: MessagePlan,
  fault: Fault | undefined,
): string {
  const { thinking, reply, usage } = plan;
  const said = plan.thinkingOmitted ? '' : thinking?.text;
  return JSON.stringify({
    id,
    type: 'message',
    role: 'assistant',
    model,
    content: [
      ...(said === undefined
        ? []
        : [{ type: 'thinking', thinking: said, signature: signatureOf(said) }]),
      ...(reply.text?.text ? [{ type: 'text', text: reply.text.text }] : []),
      ...reply.calls.map((call, index) => ({
        type: 'tool_use',
        id: toolUseId(id, index),
        name: call.tool,
        input: inputOf(call.text),
      })),
    ],
    ...stopOf(reply),
    ...(fault?.kind !== 'no-usage' && {
      usage: {
        ...startUsage(usage, fault),
        ...outputUsage(usage, fault),
      },
    }),
  });
}

/** Usage as a message begins: the prompt's is known, of the answer there is a token or none. */
export function startUsage(
  usage: MessageUsage,
  fault: Fault | undefined,
): object {
  return {
    ...inputUsage(usage, fault),
    cache_creation: {
      ephemeral_5m_input_tokens: tellCount(usage.cache.written5m, fault),
      ephemeral_1h_input_tokens: tellCount(usage.cache.written1h, fault),
    },
    output_tokens: tellCount(Math.min(1, usage.completionTokens), fault),
    service_tier: 'standard',
  };
}

/** Usage as a stream ends: cumulative, so it stands instead of the one at its beginning. */
export function endUsage(
  usage: MessageUsage,
  fault: Fault | undefined,
): object {
  return {
    ...inputUsage(usage, fault),
    ...outputUsage(usage, fault),
  };
}

function outputUsage(usage: MessageUsage, fault: Fault | undefined) {
  return {
    output_tokens: tellCount(usage.completionTokens, fault),
    output_tokens_details: {
      thinking_tokens: tellCount(usage.reasoningTokens, fault),
    },
  };
}

function inputUsage(usage: MessageUsage, fault: Fault | undefined) {
  const { promptTokens, cachedTokens, cacheWriteTokens = 0 } = usage;
  return {
    // Anthropic's input tokens are those that no cache had to do with.
    input_tokens: tellCount(
      promptTokens - cachedTokens - cacheWriteTokens,
      fault,
    ),
    cache_creation_input_tokens: tellCount(cacheWriteTokens, fault),
    cache_read_input_tokens: tellCount(cachedTokens, fault),
  };
}

/** Why the message ended. */
export function stopOf({ end, calls, text }: Reply): {
  readonly stop_reason: string;
  readonly stop_sequence: string | null;
} {
  if (end === 'length')
    return { stop_reason: 'max_tokens', stop_sequence: null };
  if (calls.length > 0) return { stop_reason: 'tool_use', stop_sequence: null };
  return text?.stoppedBy === undefined
    ? { stop_reason: 'end_turn', stop_sequence: null }
    : { stop_reason: 'stop_sequence', stop_sequence: text.stoppedBy };
}

/** A call's id is unique as the message's is, and a recorded answer can be traced by it. */
export function toolUseId(id: string, index: number): string {
  const first = `toolu_${id.replace(/^msg_/, '')}`;
  return index === 0 ? first : `${first}_${index}`;
}

/** Arguments are JSON unless the limit cut them off; then the call has none. */
function inputOf(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return {};
  }
}
