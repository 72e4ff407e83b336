import type { JsonObject } from '../canonical/json';
import type { CanonicalMessage, CanonicalRequest } from '../canonical/request';
import type { Problems } from '../refusal';
import type { AnthropicTarget } from './target';
import { writeAssistantBlocks, writeTextBlocks } from './writeBlocks';
import { writeToolResult, writeUserBlocks } from './writeUserBlocks';

/** Parts the messages of the system that stand before all others, which have a member of their own, from the rest. */
export function splitSystem(
  messages: readonly CanonicalMessage[],
  problems: Problems,
): {
  readonly system: readonly JsonObject[];
  readonly rest: readonly CanonicalMessage[];
} {
  const found = messages.findIndex(message => message.role !== 'system');
  const count = found < 0 ? messages.length : found;
  const system = messages.slice(0, count).flatMap(message => {
    if (message.role !== 'system') return [];
    refuseName(message, problems);
    return writeTextBlocks(message.parts);
  });
  return { system, rest: messages.slice(count) };
}

/**
 * Writes `messages`. Results of tools go into the user's message that follows them, as Anthropic wants; messages that say nothing are left
 * out, which it does not take.
 */
export function writeMessages(
  messages: readonly CanonicalMessage[],
  request: CanonicalRequest,
  target: AnthropicTarget,
  problems: Problems,
): readonly JsonObject[] {
  const written: { role: string; after: string; content: JsonObject[] }[] = [];
  for (const message of messages) {
    refuseName(message, problems);
    const content = writeContent(message, target, problems);
    if (content.length === 0) continue;
    const previous = written.at(-1);
    const role = message.role === 'tool' ? 'user' : message.role;
    const joins =
      (message.role === 'user' && previous?.after === 'tool') ||
      (message.role === 'tool' && previous?.role === 'user');
    if (previous && joins) {
      previous.content.push(...content);
      previous.after = message.role;
    } else {
      written.push({ role, after: message.role, content: [...content] });
    }
  }
  if (written.length === 0) {
    problems.invalid('messages', 'must hold a message that says something');
  }
  const last = messages.at(-1);
  if (last?.role === 'assistant' && !request.continuesLastMessage) {
    problems.unsupported(
      last.at,
      "is the assistant's and last, so that there is nothing to answer for the provider of this model",
    );
  }
  return written.map(({ role, content }) => ({ role, content }));
}

function writeContent(
  message: CanonicalMessage,
  target: AnthropicTarget,
  problems: Problems,
): readonly JsonObject[] {
  switch (message.role) {
    case 'system':
      if (!target.systemMessages) {
        problems.unsupported(
          message.at,
          'is of the system and stands after others, where the provider of this model does not take it',
        );
      }
      return writeTextBlocks(message.parts);
    case 'user':
      return writeUserBlocks(message.parts, target, problems);
    case 'assistant':
      return writeAssistantBlocks(message.parts, problems);
    case 'tool':
      return message.results.map(result =>
        writeToolResult(result, target, problems),
      );
    default: {
      const impossible: never = message;
      throw new TypeError(`Unknown message: ${JSON.stringify(impossible)}`);
    }
  }
}

function refuseName(message: CanonicalMessage, problems: Problems): void {
  if ('name' in message && message.name !== undefined) {
    problems.unsupported(
      `${message.at}.name`,
      'is not known to the provider of this model',
    );
  }
}
