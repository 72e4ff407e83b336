import { NO_TOKENS } from '@ai-gateway/backstage-plugin-ai-gateway-node';
import type { AnswerPart } from '../canonical/content';
import type {
  CanonicalResponse,
  ResponseIdentity,
} from '../canonical/response';
import { writeStop } from './stopReason';
import { toToolInput, toToolUseId } from './toolInput';
import { writeUsage } from './usage';
import type { AnthropicBlock, AnthropicMessage } from './wire';

/**
 * Writes a message. Anthropic's dialect has one answer to a request, which is the first. It requires a usage: one that is not known is
 * zero, so that a caller that bills by an estimate puts it in.
 */
export function writeResponse(
  response: CanonicalResponse,
  identity: ResponseIdentity,
): AnthropicMessage {
  const choice = response.choices.find(({ index }) => index === 0);
  const parts = choice?.parts ?? [];
  const says = (type: AnswerPart['type']) =>
    parts.some(part => part.type === type);
  return {
    id: messageId(identity),
    type: 'message',
    role: 'assistant',
    model: identity.model,
    content: parts.flatMap(writePart),
    container: null,
    diagnostics: null,
    ...writeStop(choice?.finish ?? { reason: 'unknown' }, {
      calls: says('toolCall'),
      refusal: says('refusal'),
    }),
    usage: writeUsage(response.usage ?? NO_TOKENS),
  };
}

/** Anthropic's form of an id. */
export function messageId({ id }: ResponseIdentity): string {
  return `msg_${id}`;
}

function writePart(part: AnswerPart): AnthropicBlock[] {
  switch (part.type) {
    case 'text':
    case 'refusal':
      return part.text === ''
        ? []
        : [{ type: 'text', text: part.text, citations: null }];
    case 'thinking':
      return [
        {
          type: 'thinking',
          thinking: part.text,
          signature: part.signature ?? '',
        },
      ];
    case 'redactedThinking':
      return [{ type: 'redacted_thinking', data: part.data }];
    case 'toolCall':
      return [
        {
          type: 'tool_use',
          id: toToolUseId(part.id),
          name: part.name,
          input: toToolInput(part.arguments),
          caller: { type: 'direct' },
        },
      ];
    default: {
      const impossible: never = part;
      throw new TypeError(`Unknown part: ${JSON.stringify(impossible)}`);
    }
  }
}
