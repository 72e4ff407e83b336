import type { AnswerPart } from '../canonical/content';
import type {
  CanonicalResponse,
  Choice,
  ResponseIdentity,
} from '../canonical/response';
import { writeFinishReason } from './finishReason';
import { writeUsage } from './usage';
import type {
  OpenAiCompletion,
  OpenAiMessage,
  OpenAiThinkingBlock,
} from './wire';

/**
 * Writes a completion. Texts of an answer are joined: OpenAI's message has one. A usage that is not known is left out; a caller that bills
 * by an estimate shows it by putting it in.
 */
export function writeResponse(
  response: CanonicalResponse,
  identity: ResponseIdentity,
): OpenAiCompletion {
  return {
    id: completionId(identity),
    object: 'chat.completion',
    created: identity.created,
    model: identity.model,
    choices: response.choices.map(choice => ({
      index: choice.index,
      message: writeMessage(choice),
      logprobs: choice.logprobs ? { ...choice.logprobs } : null,
      finish_reason: writeFinishReason(choice.finish.reason),
    })),
    ...(response.usage && { usage: writeUsage(response.usage) }),
  };
}

/** OpenAI's form of an id. */
export function completionId({ id }: ResponseIdentity): string {
  return `chatcmpl-${id}`;
}

function writeMessage({ parts, finish }: Choice): OpenAiMessage {
  const content = wordsOf(parts, 'text');
  const refusal = wordsOf(parts, 'refusal') || finish.explanation || null;
  const thoughts = wordsOf(parts, 'thinking');
  const blocks = thinkingBlocks(parts);
  const calls = parts.filter(part => part.type === 'toolCall');
  const saysElse =
    calls.length > 0 || refusal !== null || thoughts !== '' || blocks;
  return {
    role: 'assistant',
    content: content || (saysElse ? null : ''),
    refusal,
    ...(thoughts !== '' && { reasoning_content: thoughts }),
    ...(blocks && { thinking_blocks: blocks }),
    ...(calls.length > 0 && {
      tool_calls: calls.map(call => ({
        id: call.id,
        type: 'function' as const,
        function: { name: call.name, arguments: call.arguments },
      })),
    }),
  };
}

function wordsOf(
  parts: readonly AnswerPart[],
  type: 'text' | 'refusal' | 'thinking',
): string {
  return parts.map(part => (part.type === type ? part.text : '')).join('');
}

/** Thinking in blocks, when there is something in them that is not in its text. */
function thinkingBlocks(
  parts: readonly AnswerPart[],
): readonly OpenAiThinkingBlock[] | undefined {
  const blocks = parts.flatMap((part): OpenAiThinkingBlock[] => {
    if (part.type === 'redactedThinking') {
      return [{ type: 'redacted_thinking', data: part.data }];
    }
    if (part.type !== 'thinking' || part.signature === undefined) return [];
    const { text, signature } = part;
    return [{ type: 'thinking', thinking: text, signature }];
  });
  return blocks.length > 0 ? blocks : undefined;
}
