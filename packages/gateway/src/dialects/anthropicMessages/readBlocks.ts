import type {
  AssistantPart,
  CacheMarker,
  DocumentPart,
  ImagePart,
  TextPart,
  ToolResult,
  UserPart,
} from '../canonical/request';
import { Fields } from '../reading/Fields';
import type { Problems } from '../refusal';

type UserBlock =
  | { readonly kind: 'part'; readonly part: UserPart }
  | { readonly kind: 'result'; readonly result: ToolResult };

/** Reads a member that may hold nothing but text: a string, or a list of text blocks. */
export function readTextBlocks(
  owner: Fields,
  name: string,
  problems: Problems,
): readonly TextPart[] {
  return readBlocks<TextPart>(owner, name, problems, text => text, readText);
}

/** Reads the content of a user's message. */
export function readUserBlocks(
  message: Fields,
  problems: Problems,
): readonly UserBlock[] {
  return readBlocks<UserBlock>(
    message,
    'content',
    problems,
    part => ({ kind: 'part', part }),
    (type, block) => {
      if (type === 'tool_result') {
        return { kind: 'result', result: readToolResult(block, problems) };
      }
      const part =
        readText(type, block, problems) ??
        readImage(type, block, problems) ??
        readDocument(type, block, problems);
      return part && { kind: 'part', part };
    },
  );
}

/** Reads the content of an earlier answer. */
export function readAssistantBlocks(
  message: Fields,
  problems: Problems,
): readonly AssistantPart[] {
  return readBlocks<AssistantPart>(
    message,
    'content',
    problems,
    part => part,
    (type, block) => {
      const { at } = block;
      switch (type) {
        case 'text':
          return readText(type, block, problems);
        case 'thinking': {
          const signature = block.optionalString('signature');
          return {
            type: 'thinking',
            at,
            text: block.string('thinking'),
            // An answer that came from another provider is signed by nobody.
            ...(signature && { signature }),
          };
        }
        case 'redacted_thinking':
          return { type: 'redactedThinking', at, data: block.string('data') };
        case 'tool_use':
          return readToolUse(block, problems);
        default:
          return undefined;
      }
    },
  );
}

/** Reads `cache_control`. */
export function readCacheMarker(fields: Fields): CacheMarker | undefined {
  const control = fields.object('cache_control');
  if (!control) return undefined;
  control.word('type', ['ephemeral']);
  const lifetime = control.word('ttl', ['5m', '1h']);
  control.refuseRest();
  return lifetime ? { lifetime } : {};
}

function readBlocks<P>(
  owner: Fields,
  name: string,
  problems: Problems,
  ofText: (text: TextPart) => P,
  read: (type: string, block: Fields, problems: Problems) => P | undefined,
): readonly P[] {
  const content = owner.raw(name);
  if (typeof content === 'string') {
    return content === ''
      ? []
      : [ofText({ type: 'text', at: owner.path(name), text: content })];
  }
  const parts: P[] = [];
  for (const { value, at } of owner.list(name) ?? []) {
    const block = Fields.of(value, at, problems);
    const type = block.string('type');
    const part = read(type, block, problems);
    if (part === undefined) {
      problems.unsupported(
        block.path('type'),
        `is '${type.slice(0, 50)}', which cannot be translated here`,
      );
      continue;
    }
    block.refuseRest();
    parts.push(part);
  }
  return parts;
}

function readText(
  type: string,
  block: Fields,
  problems: Problems,
): TextPart | undefined {
  if (type !== 'text') return undefined;
  if (block.list('citations')?.length) {
    problems.unsupported(
      block.path('citations'),
      'cannot be translated for the provider of this model',
    );
  }
  return {
    type,
    at: block.at,
    text: block.string('text'),
    ...marked(block),
  };
}

function readImage(
  type: string,
  block: Fields,
  problems: Problems,
): ImagePart | undefined {
  if (type !== 'image') return undefined;
  block.refuse('transformations', 'is only done by Anthropic');
  return {
    type,
    at: block.at,
    source: readImageSource(block, problems),
    ...marked(block),
  };
}

function readImageSource(
  block: Fields,
  problems: Problems,
): ImagePart['source'] {
  const source = requiredObject(block, 'source');
  const kind = source?.string('type');
  switch (kind) {
    case 'url': {
      const url = source?.string('url') ?? '';
      source?.refuseRest();
      return { kind, url };
    }
    case 'base64': {
      const mediaType = source?.string('media_type') ?? '';
      const data = source?.string('data') ?? '';
      source?.refuseRest();
      return { kind, mediaType, data };
    }
    default:
      problems.unsupported(
        block.path('source.type'),
        'can only be base64 or url for the provider of this model',
      );
      return { kind: 'url', url: '' };
  }
}

function readDocument(
  type: string,
  block: Fields,
  problems: Problems,
): DocumentPart | undefined {
  if (type !== 'document') return undefined;
  const source = requiredObject(block, 'source');
  if (source?.string('type') !== 'base64') {
    problems.unsupported(
      block.path('source.type'),
      'can only be base64 for the provider of this model',
    );
  }
  source?.word('media_type', ['application/pdf']);
  const data = source?.optionalString('data') ?? '';
  source?.refuseRest();
  const citations = block.object('citations');
  if (citations?.boolean('enabled')) {
    problems.unsupported(
      citations.path('enabled'),
      'is not known to the provider of this model',
    );
  }
  block.refuse('context', 'is not known to the provider of this model');
  const name = block.optionalString('title');
  return {
    type,
    at: block.at,
    mediaType: 'application/pdf',
    data,
    ...(name !== undefined && { name }),
    ...marked(block),
  };
}

function readToolUse(block: Fields, problems: Problems): AssistantPart {
  const caller = block.object('caller');
  if (caller && caller.string('type') !== 'direct') {
    problems.unsupported(
      caller.path('type'),
      "can only be 'direct' for the provider of this model",
    );
  }
  block.refuse('toolset_name', 'is a toolset of Anthropic');
  const id = block.string('id');
  const name = block.string('name');
  return {
    type: 'toolCall',
    at: block.at,
    id,
    name,
    arguments: JSON.stringify(block.json('input') ?? {}),
    ...marked(block),
  };
}

function readToolResult(block: Fields, problems: Problems): ToolResult {
  block.refuse('toolset_name', 'is a toolset of Anthropic');
  return {
    at: block.at,
    callId: block.string('tool_use_id'),
    failed: block.boolean('is_error') ?? false,
    parts: readBlocks<TextPart | ImagePart>(
      block,
      'content',
      problems,
      part => part,
      (type, inner) =>
        readText(type, inner, problems) ?? readImage(type, inner, problems),
    ),
    ...marked(block),
  };
}

function requiredObject(owner: Fields, name: string): Fields | undefined {
  // Reports that it is missing; of another type is reported by what follows.
  if (!owner.has(name)) owner.string(name);
  return owner.object(name);
}

function marked(block: Fields): { cacheMarker?: CacheMarker } {
  const cacheMarker = readCacheMarker(block);
  return cacheMarker ? { cacheMarker } : {};
}
