import type { JsonObject } from '../canonical/json';
import type { ImagePart, ToolResult, UserPart } from '../canonical/request';
import type { Problems } from '../refusal';
import type { AnthropicTarget } from './target';
import { toToolUseId } from './toolInput';
import { cacheControlOf, writeTextBlocks } from './writeBlocks';

const IMAGE_TYPES = ['image/jpeg', 'image/png', 'image/gif', 'image/webp'];

/** Writes what a user says. */
export function writeUserBlocks(
  parts: readonly UserPart[],
  target: AnthropicTarget,
  problems: Problems,
): readonly JsonObject[] {
  return parts.flatMap((part): JsonObject[] => {
    switch (part.type) {
      case 'text':
        return writeTextBlocks([part]);
      case 'image':
        return [writeImage(part, target, problems)];
      case 'document':
        return [
          {
            type: 'document',
            source: {
              type: 'base64',
              media_type: part.mediaType,
              data: part.data,
            },
            ...(part.name !== undefined && { title: part.name }),
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

/** Writes what a tool gave back. */
export function writeToolResult(
  result: ToolResult,
  target: AnthropicTarget,
  problems: Problems,
): JsonObject {
  const content = writeUserBlocks(result.parts, target, problems);
  return {
    type: 'tool_result',
    tool_use_id: toToolUseId(result.callId),
    ...(content.length > 0 && { content }),
    ...(result.failed && { is_error: true }),
    ...cacheControlOf(result),
  };
}

function writeImage(
  part: ImagePart,
  target: AnthropicTarget,
  problems: Problems,
): JsonObject {
  return {
    type: 'image',
    source: writeImageSource(part, target, problems),
    ...cacheControlOf(part),
  };
}

function writeImageSource(
  { source, at }: ImagePart,
  target: AnthropicTarget,
  problems: Problems,
): JsonObject {
  if (source.kind === 'url') {
    if (!target.imageUrls) {
      problems.unsupported(
        at,
        'is an image by URL, and the provider of this model takes only the image itself (base64)',
      );
    } else if (source.url.slice(0, 8).toLowerCase() !== 'https://') {
      problems.unsupported(
        at,
        'is an image by a URL other than https, which the provider of this model does not fetch',
      );
    }
    return { type: 'url', url: source.url };
  }
  if (!IMAGE_TYPES.includes(source.mediaType)) {
    problems.unsupported(
      at,
      `is an image of a type that the provider of this model does not take; it takes ${IMAGE_TYPES.join(', ')}`,
    );
  }
  return {
    type: 'base64',
    media_type: source.mediaType,
    data: source.data,
  };
}
