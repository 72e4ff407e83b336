import type {
  AssistantPart,
  CanonicalMessage,
  TextPart,
  ToolResult,
  UserPart,
} from '../canonical/request';
import { Fields } from '../reading/Fields';
import type { Problems } from '../refusal';
import {
  readAssistantBlocks,
  readTextBlocks,
  readUserBlocks,
} from './readBlocks';

/** Reads the system prompt that stands beside the messages. */
export function readSystem(
  request: Fields,
  problems: Problems,
): readonly CanonicalMessage[] {
  const parts = readTextBlocks(request, 'system', problems);
  return parts.length > 0 ? [systemMessage('system', parts)] : [];
}

/** Reads `messages`, and whether the last one is the assistant's, to be gone on with. */
export function readMessages(
  request: Fields,
  problems: Problems,
): {
  readonly messages: readonly CanonicalMessage[];
  readonly endsWithAssistant: boolean;
} {
  const list = request.list('messages');
  if (!list) problems.add({ code: 'missing_parameter', param: 'messages' });
  if (list?.length === 0) {
    problems.invalid('messages', 'must hold at least one message');
  }
  const messages = (list ?? []).flatMap(({ value, at }) =>
    readMessage(Fields.of(value, at, problems), problems),
  );
  return {
    messages,
    endsWithAssistant: messages.at(-1)?.role === 'assistant',
  };
}

function readMessage(message: Fields, problems: Problems): CanonicalMessage[] {
  const { at } = message;
  const role = message.string('role');
  if (!message.has('content')) message.string('content');
  const read = (): CanonicalMessage[] => {
    switch (role) {
      case 'user':
        return inTurns(at, readUserBlocks(message, problems));
      case 'assistant': {
        const parts: readonly AssistantPart[] = readAssistantBlocks(
          message,
          problems,
        );
        return [{ role, at, parts }];
      }
      case 'system':
        return [
          systemMessage(at, readTextBlocks(message, 'content', problems)),
        ];
      default:
        problems.invalid(
          message.path('role'),
          'must be one of user, assistant, system',
        );
        return [];
    }
  };
  const messages = read();
  message.refuseRest();
  return messages;
}

function systemMessage(
  at: string,
  parts: readonly TextPart[],
): CanonicalMessage {
  return { role: 'system', author: 'system', at, parts };
}

/** A user's message holds what tools gave back and what the user says: two kinds of turns in the canonical form, in their order. */
function inTurns(
  at: string,
  blocks: readonly (
    | { readonly kind: 'part'; readonly part: UserPart }
    | { readonly kind: 'result'; readonly result: ToolResult }
  )[],
): CanonicalMessage[] {
  const messages: CanonicalMessage[] = [];
  let parts: UserPart[] | undefined;
  let results: ToolResult[] | undefined;
  for (const block of blocks) {
    if (block.kind === 'part') {
      results = undefined;
      if (!parts) {
        parts = [];
        messages.push({ role: 'user', at, parts });
      }
      parts.push(block.part);
    } else {
      parts = undefined;
      if (!results) {
        results = [];
        messages.push({ role: 'tool', at, results });
      }
      results.push(block.result);
    }
  }
  return messages.length > 0 ? messages : [{ role: 'user', at, parts: [] }];
}
