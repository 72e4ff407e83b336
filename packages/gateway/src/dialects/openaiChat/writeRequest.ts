import type { JsonObject } from '../canonical/json';
import type {
  CanonicalRequest,
  Effort,
  RequestOptions,
  ResponseFormat,
  ThinkingMode,
  ToolChoice,
  ToolDefinition,
} from '../canonical/request';
import { Problems, type Translated } from '../refusal';
import type { OpenAiChatTarget } from './target';
import { writeMessages } from './writeMessages';

const MAX_TOOL_NAME_LENGTH = 64;
/** What a schema of an answer is called when the client's dialect has no name for it. */
const RESPONSE_FORMAT_NAME = 'response';

/** Up to how many tokens of thinking an effort stands for, when all that the client gave is a number. */
const EFFORT_BY_BUDGET: readonly (readonly [number, Effort])[] = [
  [2_048, 'low'],
  [8_192, 'medium'],
];

/**
 * Writes the body of `POST /v1/chat/completions`. A stream is always asked for its usage, which is what it is billed by.
 *
 * A budget of thinking becomes the nearest effort: OpenAI knows no budgets.
 */
export function writeRequest(
  request: CanonicalRequest,
  target: OpenAiChatTarget,
): Translated<JsonObject> {
  const problems = new Problems();
  const { options, tools } = request;
  if (request.continuesLastMessage) {
    const last = request.messages.at(-1);
    problems.unsupported(
      last?.at ?? 'messages',
      "is the assistant's and last: the provider of this model cannot go on from words put into its mouth",
    );
  }
  const effort = writeEffort(request, target, problems);
  const body: JsonObject = {
    model: target.model,
    messages: writeMessages(request.messages, target, problems),
    ...(tools.length > 0 && {
      tools: tools.map(tool => writeTool(tool, problems)),
    }),
    ...(options.toolChoice && {
      tool_choice: writeToolChoice(options.toolChoice),
    }),
    // OpenAI takes it with tools only, and without any it says nothing.
    ...(options.parallelToolCalls !== undefined &&
      tools.length > 0 && { parallel_tool_calls: options.parallelToolCalls }),
    ...(options.maxOutputTokens !== undefined && {
      [target.maxTokensField]: options.maxOutputTokens,
    }),
    ...writeSampling(request, target, problems),
    ...(options.responseFormat && {
      response_format: writeResponseFormat(options.responseFormat),
    }),
    ...(effort && { reasoning_effort: effort }),
    ...(options.user !== undefined && { user: options.user }),
    ...(options.metadata && { metadata: options.metadata }),
    ...(options.serviceTier && {
      service_tier:
        options.serviceTier === 'standard' ? 'default' : options.serviceTier,
    }),
    ...(request.stream && {
      stream: true,
      stream_options: { include_usage: true },
    }),
  };
  return problems.result(body);
}

function writeTool(tool: ToolDefinition, problems: Problems): JsonObject {
  if (tool.name.length > MAX_TOOL_NAME_LENGTH) {
    problems.unsupported(
      tool.at,
      `has a name of more than ${MAX_TOOL_NAME_LENGTH} characters, the most that the provider of this model takes`,
    );
  }
  return {
    type: 'function',
    function: {
      name: tool.name,
      ...(tool.description !== undefined && { description: tool.description }),
      ...(tool.parameters && { parameters: tool.parameters }),
      ...(tool.strict !== undefined && { strict: tool.strict }),
    },
  };
}

function writeToolChoice(choice: ToolChoice): JsonObject | string {
  return choice.type === 'named'
    ? { type: 'function', function: { name: choice.name } }
    : choice.type;
}

function writeSampling(
  request: CanonicalRequest,
  target: OpenAiChatTarget,
  problems: Problems,
): JsonObject {
  const { options } = request;
  if (options.topK !== undefined && !target.topK) {
    problems.unsupportedOption(
      request,
      'topK',
      'is not known to the provider of this model',
    );
  }
  const stop = options.stopSequences;
  if (stop && stop.length > target.maxStopSequences) {
    problems.unsupportedOption(
      request,
      'stopSequences',
      `holds more than ${target.maxStopSequences}, the most that the provider of this model takes`,
    );
  }
  const plain: Record<string, RequestOptions[keyof RequestOptions]> = {
    temperature: options.temperature,
    top_p: options.topP,
    top_k: options.topK,
    stop,
    seed: options.seed,
    frequency_penalty: options.frequencyPenalty,
    presence_penalty: options.presencePenalty,
    n: options.choices,
  };
  return {
    ...Object.fromEntries(
      Object.entries(plain).filter(([, value]) => value !== undefined),
    ),
    ...(options.logprobs && {
      logprobs: true,
      ...(options.logprobs.top > 0 && { top_logprobs: options.logprobs.top }),
    }),
  };
}

function writeResponseFormat(format: ResponseFormat): JsonObject {
  switch (format.type) {
    case 'text':
      return { type: 'text' };
    case 'jsonObject':
      return { type: 'json_object' };
    case 'jsonSchema':
      return {
        type: 'json_schema',
        json_schema: {
          name: format.name ?? RESPONSE_FORMAT_NAME,
          ...(format.description !== undefined && {
            description: format.description,
          }),
          schema: format.schema,
          ...(format.strict !== undefined && { strict: format.strict }),
        },
      };
    default: {
      const impossible: never = format;
      throw new TypeError(`Unknown format: ${JSON.stringify(impossible)}`);
    }
  }
}

function writeEffort(
  request: CanonicalRequest,
  target: OpenAiChatTarget,
  problems: Problems,
): Effort | 'none' | undefined {
  const { effort, thinking } = request.options;
  if (thinking?.type === 'off') return target.reasoning ? 'none' : undefined;
  const wanted = effort ?? effortOf(thinking);
  if (!target.reasoning) {
    if (thinking || wanted) {
      problems.unsupportedOption(
        request,
        thinking ? 'thinking' : 'effort',
        'asks for thinking, which this model does not do',
      );
    }
    return undefined;
  }
  return wanted;
}

/** A model that thinks as much as it sees fit is asked for nothing. */
function effortOf(thinking: ThinkingMode | undefined): Effort | undefined {
  if (thinking?.type !== 'budget') return undefined;
  const found = EFFORT_BY_BUDGET.find(([upTo]) => thinking.tokens <= upTo);
  return found?.[1] ?? 'high';
}
