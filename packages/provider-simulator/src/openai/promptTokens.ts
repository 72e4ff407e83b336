import { countTokens } from '../text/tokens';
import type { ChatMessage, ChatRequest, ChatTool } from './validate';

// The numbers of OpenAI's cookbook, "How to count tokens with tiktoken", for the gpt-4o family.
const PER_MESSAGE = 3;
const PER_NAME = 1;
/** Every reply is primed with `<|start|>assistant<|message|>`. */
const REPLY_PRIMING = 3;
const PER_FUNCTION = 7;
const PER_PARAMETERS = 3;
const PER_PARAMETER = 3;
const PER_ENUM = -3;
const PER_ENUM_VALUE = 3;
const AFTER_TOOLS = 12;
/** A picture at low detail; the pictures themselves are not looked at. */
const PER_IMAGE = 85;

/** Tokens of the prompt of a chat completion, its tools included, as the cookbook counts them. */
export function countPromptTokens({
  messages,
  tools,
}: Pick<ChatRequest, 'messages' | 'tools'>): number {
  const inMessages = messages.reduce(
    (sum, message) => sum + countMessage(message),
    0,
  );
  return inMessages + REPLY_PRIMING + (tools ? countTools(tools) : 0);
}

function countMessage(message: ChatMessage): number {
  let tokens =
    PER_MESSAGE + countTokens(message.role) + countContent(message.content);
  if (message.name !== undefined)
    tokens += PER_NAME + countTokens(message.name);
  if (message.tool_call_id !== undefined)
    tokens += countTokens(message.tool_call_id);
  for (const call of message.tool_calls ?? []) {
    if (call.function)
      tokens +=
        countTokens(call.function.name) + countTokens(call.function.arguments);
  }
  return tokens;
}

function countContent(content: ChatMessage['content']): number {
  if (content === null || content === undefined) return 0;
  if (typeof content === 'string') return countTokens(content);
  return content.reduce((sum, part) => {
    if (part.type === 'image_url') return sum + PER_IMAGE;
    return sum + countTokens(part.text ?? '');
  }, 0);
}

function countTools(tools: readonly ChatTool[]): number {
  return tools.reduce(
    (sum, tool) => sum + countFunction(tool.function),
    AFTER_TOOLS,
  );
}

function countFunction({
  name,
  description = '',
  parameters,
}: ChatTool['function']): number {
  let tokens = PER_FUNCTION + countTokens(`${name}:${withoutDot(description)}`);
  const properties =
    isRecord(parameters) && isRecord(parameters.properties)
      ? parameters.properties
      : {};
  const entries = Object.entries(properties);
  if (entries.length > 0) tokens += PER_PARAMETERS;
  for (const [key, property] of entries) {
    const {
      type,
      description: about,
      enum: values,
    } = isRecord(property) ? property : {};
    tokens +=
      PER_PARAMETER +
      countTokens(`${key}:${textOf(type)}:${withoutDot(textOf(about))}`);
    if (Array.isArray(values)) {
      tokens += PER_ENUM;
      for (const value of values)
        tokens += PER_ENUM_VALUE + countTokens(textOf(value));
    }
  }
  return tokens;
}

function withoutDot(text: string): string {
  return text.endsWith('.') ? text.slice(0, -1) : text;
}

function textOf(value: unknown): string {
  if (value === undefined) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
