import type { JsonObject } from '../canonical/json';
import type {
  AssistantPart,
  CanonicalMessage,
  TextPart,
  ToolResult,
  UserPart,
} from '../canonical/request';
import { toDataUrl } from '../reading/dataUrl';
import type { Problems } from '../refusal';
import type { OpenAiChatTarget } from './target';

/** Stands before what a tool said when it failed: OpenAI's dialect has no other way to tell the model. */
export const TOOL_FAILED = 'The tool failed: ';

/** Writes `messages`; each result of a tool becomes a message. */
export function writeMessages(
  messages: readonly CanonicalMessage[],
  target: OpenAiChatTarget,
  problems: Problems,
): readonly JsonObject[] {
  return messages.flatMap((message): JsonObject[] => {
    switch (message.role) {
      case 'system':
        return [
          {
            role: message.author,
            ...named(message.name),
            content: textContent(message.parts),
          },
        ];
      case 'user':
        return [
          {
            role: 'user',
            ...named(message.name),
            content: userContent(message.parts),
          },
        ];
      case 'assistant':
        return [
          {
            role: 'assistant',
            ...named(message.name),
            ...assistantMembers(message.parts, target, problems),
          },
        ];
      case 'tool':
        return message.results.map(result => ({
          role: 'tool',
          tool_call_id: result.callId,
          content: resultContent(result, problems),
        }));
      default: {
        const impossible: never = message;
        throw new TypeError(`Unknown message: ${JSON.stringify(impossible)}`);
      }
    }
  });
}

function named(name: string | undefined): JsonObject {
  return name === undefined ? {} : { name };
}

function textContent(
  parts: readonly { readonly text: string }[],
): string | readonly JsonObject[] {
  if (parts.length === 0) return '';
  return parts.length === 1
    ? parts[0].text
    : parts.map(({ text }) => ({ type: 'text', text }));
}

function userContent(
  parts: readonly UserPart[],
): string | readonly JsonObject[] {
  const texts = parts.filter(part => part.type === 'text');
  return texts.length === parts.length && parts.length < 2
    ? textContent(texts)
    : parts.map(writeUserPart);
}

function writeUserPart(part: UserPart): JsonObject {
  switch (part.type) {
    case 'text':
      return { type: 'text', text: part.text };
    case 'image':
      return {
        type: 'image_url',
        image_url: {
          url:
            part.source.kind === 'url'
              ? part.source.url
              : toDataUrl(part.source),
          ...(part.detail !== undefined && { detail: part.detail }),
        },
      };
    case 'document':
      return {
        type: 'file',
        file: {
          // OpenAI wants a name for the bytes, and shows it to the model.
          filename: part.name ?? 'document.pdf',
          file_data: toDataUrl(part),
        },
      };
    default: {
      const impossible: never = part;
      throw new TypeError(`Unknown part: ${JSON.stringify(impossible)}`);
    }
  }
}

function assistantMembers(
  parts: readonly AssistantPart[],
  target: OpenAiChatTarget,
  problems: Problems,
): JsonObject {
  const said: JsonObject[] = [];
  const thoughts: string[] = [];
  const calls: JsonObject[] = [];
  for (const part of parts) {
    switch (part.type) {
      case 'text':
        said.push({ type: 'text', text: part.text });
        break;
      case 'refusal':
        said.push({ type: 'refusal', refusal: part.text });
        break;
      case 'thinking':
        if (!target.reasoningContent) {
          problems.unsupported(
            part.at,
            'is thinking of another provider, which the provider of this model does not take back',
          );
        }
        thoughts.push(part.text);
        break;
      case 'redactedThinking':
        problems.unsupported(
          part.at,
          'is thinking that only the provider which wrote it can read',
        );
        break;
      case 'toolCall':
        calls.push({
          id: part.id,
          type: 'function',
          function: { name: part.name, arguments: part.arguments },
        });
        break;
      default: {
        const impossible: never = part;
        throw new TypeError(`Unknown part: ${JSON.stringify(impossible)}`);
      }
    }
  }
  return {
    content: assistantContent(said, calls.length > 0),
    ...(thoughts.length > 0 && { reasoning_content: thoughts.join('\n\n') }),
    ...(calls.length > 0 && { tool_calls: calls }),
  };
}

function assistantContent(
  said: readonly JsonObject[],
  hasCalls: boolean,
): unknown {
  if (said.length === 0) return hasCalls ? null : '';
  const [only] = said;
  return said.length === 1 && only.type === 'text' ? only.text : said;
}

function resultContent(
  result: ToolResult,
  problems: Problems,
): string | readonly JsonObject[] {
  const texts: TextPart[] = [];
  for (const part of result.parts) {
    if (part.type === 'text') {
      texts.push(part);
    } else {
      problems.unsupported(
        part.at,
        'is an image from a tool, and the provider of this model takes only text from tools',
      );
    }
  }
  if (!result.failed) return textContent(texts);
  const [first, ...rest] = texts;
  const told = { text: `${TOOL_FAILED}${first?.text ?? ''}`.trim() };
  return textContent([told, ...rest]);
}
