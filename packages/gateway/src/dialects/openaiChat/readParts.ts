import type { RefusalText } from '../canonical/content';
import type {
  CacheMarker,
  DocumentPart,
  ImagePart,
  TextPart,
  UserPart,
  Written,
} from '../canonical/request';
import { isDataUrl, parseDataUrl } from '../reading/dataUrl';
import { Fields } from '../reading/Fields';
import type { Problems } from '../refusal';
import { readCacheMarker } from './readCacheMarker';

const PDF = 'application/pdf';

/** Reads `content` that may hold nothing but text: a string, or a list of parts. */
export function readTextParts(
  message: Fields,
  problems: Problems,
): readonly TextPart[] {
  return readParts(message, problems, (type, part) =>
    type === 'text' ? readText(part) : undefined,
  );
}

/** Reads `content` of an earlier answer. */
export function readAssistantParts(
  message: Fields,
  problems: Problems,
): readonly (TextPart | (RefusalText & Written))[] {
  return readParts<TextPart | (RefusalText & Written)>(
    message,
    problems,
    (type, part) => {
      if (type === 'text') return readText(part);
      return type === 'refusal'
        ? { type: 'refusal', at: part.at, text: part.string('refusal') }
        : undefined;
    },
  );
}

/** Reads `content` of a user's message. */
export function readUserParts(
  message: Fields,
  problems: Problems,
): readonly UserPart[] {
  return readParts<UserPart>(message, problems, (type, part) => {
    switch (type) {
      case 'text':
        return readText(part);
      case 'image_url':
        return readImage(part, problems);
      case 'file':
        return readFile(part, problems);
      default:
        return undefined;
    }
  });
}

function readParts<P>(
  message: Fields,
  problems: Problems,
  read: (type: string, part: Fields) => P | undefined,
): readonly (P | TextPart)[] {
  const content = message.raw('content');
  if (typeof content === 'string') {
    return content === ''
      ? []
      : [{ type: 'text', at: message.path('content'), text: content }];
  }
  const parts: P[] = [];
  for (const { value, at } of message.list('content') ?? []) {
    const part = Fields.of(value, at, problems);
    const type = part.string('type');
    const one = read(type, part);
    if (one === undefined) {
      problems.unsupported(
        part.path('type'),
        `is '${type.slice(0, 50)}', which cannot be translated here`,
      );
      continue;
    }
    part.refuseRest();
    parts.push(one);
  }
  return parts;
}

function readText(part: Fields): TextPart {
  return {
    type: 'text',
    at: part.at,
    text: part.string('text'),
    ...marked(part),
  };
}

function readImage(part: Fields, problems: Problems): ImagePart {
  if (!part.has('image_url')) part.string('image_url');
  const image = part.object('image_url');
  const url = image?.string('url') ?? '';
  const detail = image?.optionalString('detail');
  image?.refuseRest();
  const inline = parseDataUrl(url);
  if (!inline && isDataUrl(url)) {
    problems.invalid(
      part.path('image_url.url'),
      'must be a URL, or data:<media type>;base64,<data>',
    );
  }
  return {
    type: 'image',
    at: part.at,
    source: inline ? { kind: 'base64', ...inline } : { kind: 'url', url },
    ...(detail !== undefined && { detail }),
    ...marked(part),
  };
}

function readFile(part: Fields, problems: Problems): DocumentPart {
  if (!part.has('file')) part.string('file');
  const file = part.object('file');
  file?.refuse('file_id', 'is a file of OpenAI, which others cannot read');
  const inline = parseDataUrl(file?.string('file_data') ?? '');
  const name = file?.optionalString('filename');
  file?.refuseRest();
  if (inline?.mediaType !== PDF) {
    problems.unsupported(
      part.path('file.file_data'),
      `can only be data:${PDF};base64,<data>`,
    );
  }
  return {
    type: 'document',
    at: part.at,
    mediaType: PDF,
    data: inline?.data ?? '',
    ...(name !== undefined && { name }),
    ...marked(part),
  };
}

function marked(part: Fields): { cacheMarker?: CacheMarker } {
  const cacheMarker = readCacheMarker(part);
  return cacheMarker ? { cacheMarker } : {};
}
