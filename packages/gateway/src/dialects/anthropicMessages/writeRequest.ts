import type { JsonObject } from '../canonical/json';
import type {
  CanonicalRequest,
  ResponseFormat,
  ToolChoice,
  ToolDefinition,
} from '../canonical/request';
import { Problems, type Translated } from '../refusal';
import type { AnthropicTarget } from './target';
import { writeCacheControl } from './writeBlocks';
import { splitSystem, writeMessages } from './writeMessages';
import { writeThinking } from './writeThinking';

const NOT_KNOWN = 'is not known to the provider of this model';

/** Writes the body of `POST /v1/messages`. */
export function writeRequest(
  request: CanonicalRequest,
  target: AnthropicTarget,
): Translated<JsonObject> {
  const problems = new Problems();
  const { options, tools } = request;
  refuseUnknown(request, problems);
  const { system, rest } = splitSystem(request.messages, problems);
  const { thinking, effort } = writeThinking(request, target, problems);
  const format = writeFormat(request, target, problems);
  const tier = options.serviceTier;
  const body: JsonObject = {
    model: target.model,
    max_tokens: options.maxOutputTokens ?? target.defaultMaxTokens,
    ...(system.length > 0 && { system }),
    messages: writeMessages(rest, request, target, problems),
    ...(tools.length > 0 && {
      tools: tools.map(tool => writeTool(tool, problems)),
    }),
    ...writeToolChoice(request, problems),
    ...writeSampling(request, target, problems),
    ...(options.stopSequences && {
      stop_sequences: writeStop(request, problems),
    }),
    ...(thinking && { thinking }),
    ...((effort || format) && {
      output_config: {
        ...(effort && { effort }),
        ...(format && { format }),
      },
    }),
    ...(options.user !== undefined && { metadata: { user_id: options.user } }),
    // The other tiers are offers of OpenAI.
    ...((tier === 'auto' || tier === 'standard') && {
      service_tier: tier === 'auto' ? tier : 'standard_only',
    }),
    ...(options.cacheMarker && {
      cache_control: writeCacheControl(options.cacheMarker),
    }),
    ...(request.stream && { stream: true }),
  };
  return problems.result(body);
}

/** What Anthropic has no word for. A default is no request for anything. */
function refuseUnknown(request: CanonicalRequest, problems: Problems): void {
  const { options } = request;
  if (options.choices !== undefined && options.choices > 1) {
    problems.unsupportedOption(
      request,
      'choices',
      'is more than 1, and the provider of this model gives one answer to a request',
    );
  }
  if (options.logprobs) {
    problems.unsupportedOption(request, 'logprobs', NOT_KNOWN);
  }
  if (options.seed !== undefined) {
    problems.unsupportedOption(request, 'seed', NOT_KNOWN);
  }
  if (options.frequencyPenalty) {
    problems.unsupportedOption(request, 'frequencyPenalty', NOT_KNOWN);
  }
  if (options.presencePenalty) {
    problems.unsupportedOption(request, 'presencePenalty', NOT_KNOWN);
  }
}

function writeTool(tool: ToolDefinition, problems: Problems): JsonObject {
  const { type, ...schema } = tool.parameters ?? {};
  if (type !== undefined && type !== 'object') {
    problems.unsupported(
      tool.at,
      "has parameters that are no object, which the provider of this model requires them to be ('type': 'object')",
    );
  }
  return {
    name: tool.name,
    ...(tool.description !== undefined && { description: tool.description }),
    input_schema: { type: 'object', ...schema },
    ...(tool.strict !== undefined && { strict: tool.strict }),
    ...(tool.cacheMarker && {
      cache_control: writeCacheControl(tool.cacheMarker),
    }),
  };
}

/** Anthropic takes a choice only where there are tools, and says there whether calls may be made together. */
function writeToolChoice(
  { options, tools, names }: CanonicalRequest,
  problems: Problems,
): JsonObject {
  const { toolChoice, parallelToolCalls } = options;
  if (tools.length === 0) {
    if (toolChoice?.type === 'required' || toolChoice?.type === 'named') {
      problems.invalid(
        names.toolChoice ?? 'tool_choice',
        'asks for a tool, and there are none',
      );
    }
    return {};
  }
  if (!toolChoice && parallelToolCalls !== false) return {};
  const choice = toolChoice ?? { type: 'auto' };
  return {
    tool_choice: {
      ...toAnthropicChoice(choice),
      ...(parallelToolCalls !== undefined &&
        choice.type !== 'none' && {
          disable_parallel_tool_use: !parallelToolCalls,
        }),
    },
  };
}

function toAnthropicChoice(choice: ToolChoice): JsonObject {
  switch (choice.type) {
    case 'required':
      return { type: 'any' };
    case 'named':
      return { type: 'tool', name: choice.name };
    case 'auto':
    case 'none':
      return { type: choice.type };
    default: {
      const impossible: never = choice;
      throw new TypeError(`Unknown choice: ${JSON.stringify(impossible)}`);
    }
  }
}

function writeSampling(
  request: CanonicalRequest,
  target: AnthropicTarget,
  problems: Problems,
): JsonObject {
  const { temperature, topP, topK } = request.options;
  if (!target.sampling) {
    for (const option of ['temperature', 'topP', 'topK'] as const) {
      const value = request.options[option];
      // One is the default of both, and asks for nothing.
      if (value === undefined || (value === 1 && option !== 'topK')) continue;
      problems.unsupportedOption(request, option, 'is not taken by this model');
    }
    return {};
  }
  if (temperature !== undefined && temperature > 1) {
    problems.unsupportedOption(
      request,
      'temperature',
      'is more than 1, the most that the provider of this model takes',
    );
  }
  return {
    ...(temperature !== undefined && { temperature }),
    ...(topP !== undefined && { top_p: topP }),
    ...(topK !== undefined && { top_k: topK }),
  };
}

function writeStop(
  request: CanonicalRequest,
  problems: Problems,
): readonly string[] {
  const sequences = request.options.stopSequences ?? [];
  if (sequences.some(sequence => sequence.trim() === '')) {
    problems.unsupportedOption(
      request,
      'stopSequences',
      'holds a sequence of white space only, which the provider of this model does not take',
    );
  }
  return sequences;
}

function writeFormat(
  request: CanonicalRequest,
  target: AnthropicTarget,
  problems: Problems,
): JsonObject | undefined {
  const format: ResponseFormat | undefined = request.options.responseFormat;
  switch (format?.type) {
    case undefined:
    case 'text':
      return undefined;
    case 'jsonObject':
      problems.unsupportedOption(
        request,
        'responseFormat',
        'asks for JSON of any form; the provider of this model can only be held to a schema (json_schema)',
      );
      return undefined;
    case 'jsonSchema': {
      if (!target.structuredOutput) {
        problems.unsupportedOption(
          request,
          'responseFormat',
          'asks for an answer by a schema, to which this model cannot be held',
        );
      }
      const { schema, description } = format;
      return {
        type: 'json_schema',
        // What the answer is for is told to the model within the schema.
        schema: description === undefined ? schema : { description, ...schema },
      };
    }
    default: {
      const impossible: never = format;
      throw new TypeError(`Unknown format: ${JSON.stringify(impossible)}`);
    }
  }
}
