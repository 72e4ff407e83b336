import type { AssistantPart, CanonicalMessage } from '../canonical/request';
import { IGNORED_MEMBERS } from '../ignored';
import { Fields } from '../reading/Fields';
import type { Problems } from '../refusal';
import { readAssistantParts } from './readParts';

/**
 * Reads an earlier answer, as the client sends it back: thinking first, then what was said, then the calls, which is the order in which
 * models make them.
 */
export function readAssistantMessage(
  message: Fields,
  problems: Problems,
): CanonicalMessage {
  const name = message.optionalString('name');
  const parts: AssistantPart[] = [
    ...readThinking(message, problems),
    ...readAssistantParts(message, problems),
  ];
  const refusal = message.optionalString('refusal');
  if (refusal) {
    parts.push({ type: 'refusal', at: message.path('refusal'), text: refusal });
  }
  parts.push(...readToolCalls(message, problems));

  message.refuse('audio', 'is about audio, which is not translated');
  message.refuse('function_call', 'is deprecated; send tool_calls');
  message.ignore(Object.keys(IGNORED_MEMBERS.openAiChat.assistantMessage));
  message.refuseRest();
  return {
    role: 'assistant',
    at: message.at,
    ...(name !== undefined && { name }),
    parts,
  };
}

/** Thinking as this gateway gave it with the answer; `thinking_blocks` holds all that `reasoning_content` does, and the signatures. */
function readThinking(message: Fields, problems: Problems): AssistantPart[] {
  const contentName = message.has('reasoning_content')
    ? 'reasoning_content'
    : 'reasoning';
  const content = message.optionalString(contentName);
  message.ignore(['reasoning_content', 'reasoning']);
  const blocks = message.list('thinking_blocks');
  if (!blocks?.length) {
    return content
      ? [{ type: 'thinking', at: message.path(contentName), text: content }]
      : [];
  }
  return blocks.map(({ value, at }) => {
    const block = Fields.of(value, at, problems);
    const type = block.word('type', ['thinking', 'redacted_thinking']);
    if (type === 'redacted_thinking') {
      const data = block.string('data');
      block.refuseRest();
      return { type: 'redactedThinking', at, data };
    }
    const text = block.string('thinking');
    const signature = block.optionalString('signature');
    block.refuseRest();
    return { type: 'thinking', at, text, ...(signature && { signature }) };
  });
}

function readToolCalls(message: Fields, problems: Problems): AssistantPart[] {
  return (message.list('tool_calls') ?? []).map(({ value, at }) => {
    const call = Fields.of(value, at, problems);
    const id = call.string('id');
    if (call.string('type') !== 'function') {
      problems.unsupported(
        call.path('type'),
        "can only be 'function' for the provider of this model",
      );
    } else if (!call.has('function')) {
      call.string('function');
    }
    const called = call.object('function');
    const name = called?.string('name') ?? '';
    const args = called?.string('arguments') ?? '';
    called?.refuseRest();
    call.ignore(Object.keys(IGNORED_MEMBERS.openAiChat.toolCall));
    call.refuseRest();
    return { type: 'toolCall', at, id, name, arguments: args };
  });
}
