import type {
  CanonicalMessage,
  TextPart,
  ToolResult,
} from '../canonical/request';
import { Fields } from '../reading/Fields';
import type { Problems } from '../refusal';
import { readAssistantMessage } from './readAssistantMessage';
import { readTextParts, readUserParts } from './readParts';

/** Reads `messages`; results of tools that stand together become one turn. */
export function readMessages(
  request: Fields,
  problems: Problems,
): readonly CanonicalMessage[] {
  const list = request.list('messages');
  if (!list) {
    problems.add({ code: 'missing_parameter', param: 'messages' });
    return [];
  }
  if (list.length === 0) {
    problems.invalid('messages', 'must hold at least one message');
  }
  const messages: CanonicalMessage[] = [];
  let results: ToolResult[] | undefined;
  for (const { value, at } of list) {
    const message = Fields.of(value, at, problems);
    const role = message.string('role');
    if (role === 'tool') {
      if (!results) {
        results = [];
        messages.push({ role: 'tool', at, results });
      }
      results.push(readToolResult(message, problems));
      continue;
    }
    results = undefined;
    const read = readMessage(role, message, problems);
    if (read) messages.push(read);
  }
  return messages;
}

function readMessage(
  role: string,
  message: Fields,
  problems: Problems,
): CanonicalMessage | undefined {
  const { at } = message;
  switch (role) {
    case 'system':
    case 'developer': {
      const name = message.optionalString('name');
      const parts = requiredText(message, problems);
      message.refuseRest();
      return { role: 'system', author: role, at, ...named(name), parts };
    }
    case 'user': {
      const name = message.optionalString('name');
      if (!message.has('content')) message.string('content');
      const parts = readUserParts(message, problems);
      message.refuseRest();
      return { role: 'user', at, ...named(name), parts };
    }
    case 'assistant':
      return readAssistantMessage(message, problems);
    case 'function':
      problems.unsupported(
        message.path('role'),
        "is deprecated; send results with role 'tool'",
      );
      return undefined;
    default:
      problems.invalid(
        message.path('role'),
        'must be one of system, developer, user, assistant, tool',
      );
      return undefined;
  }
}

function readToolResult(message: Fields, problems: Problems): ToolResult {
  const callId = message.string('tool_call_id');
  const parts = requiredText(message, problems);
  // Of the function that was called, as some clients write it: the id says it already.
  message.ignore(['name']);
  message.refuseRest();
  return { at: message.at, callId, failed: false, parts };
}

function requiredText(
  message: Fields,
  problems: Problems,
): readonly TextPart[] {
  if (!message.has('content')) message.string('content');
  return readTextParts(message, problems);
}

function named(name: string | undefined): { name?: string } {
  return name === undefined ? {} : { name };
}
