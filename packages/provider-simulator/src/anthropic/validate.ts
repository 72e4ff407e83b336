import type { z } from 'zod';
import { wordsOf } from './issues';
import {
  countTokensRequest,
  messagesRequest,
  type ContentBlock,
  type MessageParam,
  type MessagesRequest,
  type Prompt,
} from './schema';
import { signatureOf } from './signature';
import { problemOfVersion, type Version } from './version';

const MAX_CACHE_BREAKPOINTS = 4;

export type Validated<T> =
  | { readonly ok: true; readonly request: T }
  /** The first problem, in Anthropic's words. */
  | { readonly ok: false; readonly message: string };

/** Validates the body of `POST /v1/messages`. */
export function parseMessagesRequest(
  body: unknown,
  version: Version,
): Validated<MessagesRequest> {
  const parsed = parseWith(messagesRequest, body);
  if (!parsed.ok) return parsed;
  const message =
    problemOfVersion(version, parsed.request) ??
    problemOf(parsed.request) ??
    ofSampling(parsed.request);
  return message === undefined ? parsed : { ok: false, message };
}

/** Validates the body of `POST /v1/messages/count_tokens`. */
export function parseCountTokensRequest(
  body: unknown,
  version: Version,
): Validated<Prompt> {
  const parsed = parseWith(countTokensRequest, body);
  if (!parsed.ok) return parsed;
  const message =
    problemOfVersion(version, parsed.request) ?? problemOf(parsed.request);
  return message === undefined ? parsed : { ok: false, message };
}

function parseWith<T>(schema: z.ZodType<T>, body: unknown): Validated<T> {
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    return { ok: false, message: 'Input should be a valid dictionary' };
  const parsed = schema.safeParse(body);
  return parsed.success
    ? { ok: true, request: parsed.data }
    : { ok: false, message: wordsOf(parsed.error.issues[0], body) };
}

/** What the types of the fields do not say. */
function problemOf(request: Prompt): string | undefined {
  const { messages } = request;
  if (messages.length === 0)
    return 'messages: at least one message is required';
  for (const [index, message] of messages.entries()) {
    const problem =
      ofRole(message) ??
      ofContent(message, index, index === messages.length - 1) ??
      ofToolResults(message, messages[index - 1], index) ??
      ofToolUses(message, messages[index + 1], index);
    if (problem !== undefined) return problem;
  }
  return ofTools(request) ?? ofCaching(request);
}

function ofRole({ role }: MessageParam): string | undefined {
  if (role === 'user' || role === 'assistant') return undefined;
  return role === 'system'
    ? 'messages: Unexpected role "system". The Messages API accepts a top-level `system` parameter, not "system" as an input message role.'
    : `messages: Unexpected role "${role}". Allowed roles are "user" or "assistant".`;
}

function ofContent(
  { role, content }: MessageParam,
  index: number,
  last: boolean,
): string | undefined {
  if (content.length === 0)
    return last && role === 'assistant'
      ? undefined
      : `messages.${index}: all messages must have non-empty content except for the optional final assistant message`;
  if (typeof content === 'string') {
    return last && role === 'assistant' && /\s$/.test(content)
      ? 'messages: final assistant content cannot end with trailing whitespace'
      : undefined;
  }
  for (const [at, block] of content.entries()) {
    if (block.type === 'text' && block.text === '')
      return 'messages: text content blocks must be non-empty';
    if (
      block.type === 'thinking' &&
      block.signature !== signatureOf(block.thinking)
    )
      return `messages.${index}.content.${at}: Invalid \`signature\` in \`thinking\` block`;
    if (block.type === 'tool_use' && role !== 'assistant')
      return `messages.${index}: \`tool_use\` blocks can only be in \`assistant\` messages`;
    if (block.type === 'tool_result' && role !== 'user')
      return `messages.${index}: \`tool_result\` blocks can only be in \`user\` messages`;
  }
  return undefined;
}

/** Each result answers a call of the message before. */
function ofToolResults(
  message: MessageParam,
  before: MessageParam | undefined,
  index: number,
): string | undefined {
  const known = new Set(toolUses(before).map(({ id }) => id));
  for (const [at, block] of blocksOf(message).entries()) {
    if (block.type === 'tool_result' && !known.has(block.tool_use_id))
      return (
        `messages.${index}.content.${at}: unexpected \`tool_use_id\` found in \`tool_result\` blocks: ` +
        `${block.tool_use_id}. Each \`tool_result\` block must have a corresponding \`tool_use\` block in the previous message.`
      );
  }
  return undefined;
}

/** Each call is answered in the message after. */
function ofToolUses(
  message: MessageParam,
  after: MessageParam | undefined,
  index: number,
): string | undefined {
  const answered = new Set(
    blocksOf(after).flatMap(block =>
      block.type === 'tool_result' ? [block.tool_use_id] : [],
    ),
  );
  const open = toolUses(message)
    .map(({ id }) => id)
    .filter(id => !answered.has(id));
  return open.length === 0
    ? undefined
    : `messages.${index}: \`tool_use\` ids were found without \`tool_result\` blocks immediately after: ` +
        `${open.join(', ')}. Each \`tool_use\` block must have a corresponding \`tool_result\` block in the next message.`;
}

function ofTools({
  tools = [],
  tool_choice: choice,
  thinking,
}: Prompt): string | undefined {
  const names = tools.map(({ name }) => name);
  if (new Set(names).size < names.length)
    return 'tools: Tool names must be unique.';
  if (!choice || choice.type === 'none') return undefined;
  if (tools.length === 0)
    return 'tool_choice: may only be specified while providing `tools`.';
  if (choice.type === 'tool' && !names.includes(choice.name))
    return `tool_choice: Tool '${choice.name}' not found in provided tools`;
  const thinks = thinking !== undefined && thinking.type !== 'disabled';
  return thinks && choice.type !== 'auto'
    ? 'Thinking may not be enabled when tool_choice forces tool use.'
    : undefined;
}

function ofCaching(request: Prompt): string | undefined {
  const blocks = [
    ...(request.tools ?? []),
    ...(Array.isArray(request.system) ? request.system : []),
    ...request.messages.flatMap(message => blocksOf(message)),
  ];
  const marked = blocks.filter(
    block => 'cache_control' in block && block.cache_control,
  ).length;
  const found = marked + (request.cache_control ? 1 : 0);
  return found > MAX_CACHE_BREAKPOINTS
    ? `A maximum of ${MAX_CACHE_BREAKPOINTS} blocks with cache_control may be provided. Found ${found}.`
    : undefined;
}

function ofSampling({
  max_tokens: maxTokens,
  stop_sequences: stop = [],
  temperature,
  thinking,
  messages,
}: MessagesRequest): string | undefined {
  if (stop.some(sequence => sequence.trim() === ''))
    return 'stop_sequences: each stop sequence must contain non-whitespace';
  if (thinking?.type !== 'enabled') return undefined;
  const docs =
    'Please consult our documentation at https://docs.claude.com/en/docs/build-with-claude/extended-thinking';
  if (thinking.budget_tokens >= maxTokens)
    return `\`max_tokens\` must be greater than \`thinking.budget_tokens\`. ${docs}#max-tokens-and-context-window-size`;
  if (temperature !== undefined && temperature !== 1)
    return `\`temperature\` may only be set to 1 when thinking is enabled. ${docs}`;
  return messages[messages.length - 1].role === 'assistant'
    ? `messages: Prefilling assistant messages is not supported when thinking is enabled. ${docs}`
    : undefined;
}

function toolUses(message: MessageParam | undefined) {
  return blocksOf(message).flatMap(block =>
    block.type === 'tool_use' ? [block] : [],
  );
}

function blocksOf(message: MessageParam | undefined): readonly ContentBlock[] {
  return message && typeof message.content !== 'string' ? message.content : [];
}
