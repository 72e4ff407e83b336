import { isUtf8 } from 'node:buffer';
import { refuse, type Refusal } from '../errors/registry';
import {
  scanJsonObject,
  valueOf,
  type JsonKind,
  type JsonMember,
  type JsonObjectScan,
  type JsonScanProblem,
} from './jsonScan';

/** A chat completion request in OpenAI's dialect: its bytes, and what the gateway itself must know of it. */
export interface ChatRequest {
  readonly bytes: Buffer;
  readonly object: JsonObjectScan;
  /** As the client names it. */
  readonly model: string;
  readonly stream: boolean;
  /** Whether the client asked to see the usage at the end of its stream. */
  readonly includeUsage: boolean;
  /** The most that may be generated for each choice; `null` when the client does not say. */
  readonly maxOutputTokens: number | null;
  /** How many answers are asked for. */
  readonly choices: number;
  /** The bytes of `messages`, for estimates. */
  readonly messages: Buffer;
}

export type ChatRequestResult =
  | { readonly ok: true; readonly request: ChatRequest }
  | { readonly ok: false; readonly refusal: Refusal };

const MAX_MODEL_LENGTH = 255;
/** Enough for any model name in escapes, and too little to cost anything to parse. */
const MAX_SMALL_VALUE_BYTES = 4_096;

/** Reads a body; what it refuses, it refuses by the name of the field. */
export function parseChatRequest(bytes: Buffer): ChatRequestResult {
  if (!isUtf8(bytes)) return no(refuse('invalid_encoding', {}));
  const scan = scanJsonObject(bytes);
  if (!scan.ok) return no(jsonRefusal(scan.problem));
  const { members } = scan.object;

  const model = members.get('model');
  if (!model) return no(refuse('missing_parameter', { param: 'model' }));
  const name = model.kind === 'string' ? smallValue(bytes, model) : undefined;
  if (
    typeof name !== 'string' ||
    name.length === 0 ||
    name.length > MAX_MODEL_LENGTH
  ) {
    return no(
      model.kind === 'string'
        ? refuse('invalid_parameter', {
            param: 'model',
            reason: `must have 1 to ${MAX_MODEL_LENGTH} characters`,
          })
        : wrong('model', 'a string', model),
    );
  }

  const messages = members.get('messages');
  if (!messages) return no(refuse('missing_parameter', { param: 'messages' }));
  if (messages.kind !== 'array') {
    return no(wrong('messages', 'an array of messages', messages));
  }
  if (isEmptyArray(bytes, messages)) {
    return no(
      refuse('invalid_parameter', {
        param: 'messages',
        reason: 'must hold at least one message',
      }),
    );
  }

  const stream = members.get('stream');
  if (stream && !isOneOf(stream, ['boolean', 'null'])) {
    return no(wrong('stream', 'a boolean', stream));
  }
  const streamed = stream !== undefined && valueOf(bytes, stream) === true;

  const options = members.get('stream_options');
  const includeUsage = readIncludeUsage(bytes, options, streamed);
  if (!includeUsage.ok) return includeUsage;

  for (const param of ['max_tokens', 'max_completion_tokens', 'n'] as const) {
    const member = members.get(param);
    if (member && !isCount(bytes, member)) {
      return no(
        member.kind === 'number'
          ? refuse('invalid_parameter', {
              param,
              reason: 'must be a whole number of at least 1',
            })
          : wrong(param, 'a whole number', member),
      );
    }
  }

  return {
    ok: true,
    request: {
      bytes,
      object: scan.object,
      model: name,
      stream: streamed,
      includeUsage: includeUsage.value,
      maxOutputTokens:
        countOf(bytes, members.get('max_completion_tokens')) ??
        countOf(bytes, members.get('max_tokens')),
      choices: countOf(bytes, members.get('n')) ?? 1,
      messages: bytes.subarray(messages.start, messages.end),
    },
  };
}

function readIncludeUsage(
  bytes: Buffer,
  options: JsonMember | undefined,
  streamed: boolean,
): { ok: true; value: boolean } | { ok: false; refusal: Refusal } {
  if (!options || options.kind === 'null') return { ok: true, value: false };
  if (options.kind !== 'object') {
    return no(wrong('stream_options', 'an object', options));
  }
  if (!streamed) {
    return no(
      refuse('invalid_parameter', {
        param: 'stream_options',
        reason: "is only allowed when 'stream' is true",
      }),
    );
  }
  const inner = scanJsonObject(bytes, options.start, options.end);
  // Only a name that stands twice, or too many of them, can be wrong here: the text itself has been scanned.
  if (!inner.ok) return no(jsonRefusal(inner.problem, 'stream_options.'));
  const asked = inner.object.members.get('include_usage');
  if (asked && !isOneOf(asked, ['boolean', 'null'])) {
    return no(wrong('stream_options.include_usage', 'a boolean', asked));
  }
  return {
    ok: true,
    value: asked !== undefined && valueOf(bytes, asked) === true,
  };
}

function jsonRefusal(problem: JsonScanProblem, prefix: string = ''): Refusal {
  switch (problem.kind) {
    case 'invalid':
      return refuse('invalid_json', { offset: problem.offset });
    case 'not-an-object':
      return refuse('body_not_an_object', {});
    case 'duplicate-member':
      return refuse('duplicate_parameter', {
        param: `${prefix}${problem.name.slice(0, 100)}`,
      });
    case 'too-deep':
      return refuse('body_too_deep', { limit: problem.limit });
    case 'too-many-members':
      return refuse('too_many_parameters', { limit: problem.limit });
    default: {
      const impossible: never = problem;
      throw new TypeError(`Unknown problem: ${JSON.stringify(impossible)}`);
    }
  }
}

function no(refusal: Refusal): { ok: false; refusal: Refusal } {
  return { ok: false, refusal };
}

function wrong(param: string, expected: string, member: JsonMember): Refusal {
  return refuse('invalid_type', { param, expected, got: member.kind });
}

function smallValue(bytes: Buffer, member: JsonMember): unknown {
  return member.end - member.start <= MAX_SMALL_VALUE_BYTES
    ? valueOf(bytes, member)
    : undefined;
}

function isOneOf(member: JsonMember, kinds: readonly JsonKind[]): boolean {
  return kinds.includes(member.kind);
}

function isCount(bytes: Buffer, member: JsonMember): boolean {
  if (member.kind === 'null') return true;
  if (member.kind !== 'number') return false;
  const value = smallValue(bytes, member);
  return Number.isSafeInteger(value) && Number(value) >= 1;
}

/** The value of a member that {@link isCount} has found right. */
function countOf(bytes: Buffer, member: JsonMember | undefined): number | null {
  return member?.kind === 'number' ? Number(valueOf(bytes, member)) : null;
}

function isEmptyArray(bytes: Buffer, { start, end }: JsonMember): boolean {
  // Valid JSON: an array without members has nothing but space between its brackets.
  return bytes.subarray(start + 1, end - 1).every(byte => byte <= 0x20);
}
