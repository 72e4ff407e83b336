import type { JsonObject } from '../canonical/json';
import type {
  AssistantPart,
  Cacheable,
  CacheMarker,
  TextPart,
} from '../canonical/request';
import type { Problems } from '../refusal';
import { toToolInput, toToolUseId } from './toolInput';

/** Writes `cache_control`. */
export function writeCacheControl({ lifetime }: CacheMarker): JsonObject {
  return { type: 'ephemeral', ...(lifetime && { ttl: lifetime }) };
}

/** The `cache_control` of a part that is marked. */
export function cacheControlOf({ cacheMarker }: Cacheable): JsonObject {
  return cacheMarker ? { cache_control: writeCacheControl(cacheMarker) } : {};
}

/** Writes text; text without a character is left out, which Anthropic does not take. */
export function writeTextBlocks(parts: readonly TextPart[]): JsonObject[] {
  return parts
    .filter(({ text }) => text !== '')
    .map(part => ({
      type: 'text',
      text: part.text,
      ...cacheControlOf(part),
    }));
}

/** Writes an earlier answer. That it declined is told as the words it declined with. */
export function writeAssistantBlocks(
  parts: readonly AssistantPart[],
  problems: Problems,
): readonly JsonObject[] {
  return parts.flatMap((part): JsonObject[] => {
    switch (part.type) {
      case 'text':
        return writeTextBlocks([part]);
      case 'refusal':
        return writeTextBlocks([{ ...part, type: 'text' }]);
      case 'thinking':
        if (part.signature === undefined) {
          problems.unsupported(
            part.at,
            'is thinking without a signature of the provider of this model, which takes back only its own',
          );
        }
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
            ...cacheControlOf(part),
          },
        ];
      default: {
        const impossible: never = part;
        throw new TypeError(`Unknown part: ${JSON.stringify(impossible)}`);
      }
    }
  });
}
