import {
  EFFORTS,
  type CanonicalRequest,
  type OptionName,
  type RequestOptions,
  type ResponseFormat,
} from '../canonical/request';
import { IGNORED_MEMBERS } from '../ignored';
import { Fields } from '../reading/Fields';
import { Problems, type Translated } from '../refusal';
import { readMessages } from './readMessages';
import { readToolChoice, readTools } from './readTools';

const MAX_CHOICES = 128;
const MAX_TOP_LOGPROBS = 20;
const DEPRECATED = 'is deprecated; send tools';
const NO_AUDIO = 'is about audio, which is not translated';

/**
 * Reads the body of `POST /v1/chat/completions`, parsed. A request whose client and provider both speak OpenAI's dialect is passed through
 * and never comes here: this reads what is to be said to another.
 *
 * Beyond OpenAI's own members it takes those by which OpenAI-style clients reach other providers: `top_k`, `cache_control` on parts and
 * tools, and `reasoning_content` or `thinking_blocks` of earlier answers.
 */
export function readRequest(body: unknown): Translated<CanonicalRequest> {
  const problems = new Problems();
  const fields = Fields.of(body, '', problems);
  const model = fields.string('model');
  const messages = readMessages(fields, problems);
  const tools = readTools(fields, problems);
  const { options, names } = readOptions(fields, problems);
  const stream = fields.boolean('stream') ?? false;
  const streamOptions = fields.object('stream_options');
  const includeUsage = streamOptions?.boolean('include_usage') ?? false;
  streamOptions?.ignore(Object.keys(IGNORED_MEMBERS.openAiChat.streamOptions));
  streamOptions?.refuseRest();

  refuseUntranslatable(fields, problems);
  fields.ignore(Object.keys(IGNORED_MEMBERS.openAiChat.request));
  fields.refuseRest();
  return problems.result({
    model,
    messages,
    continuesLastMessage: false,
    tools,
    options,
    names,
    stream,
    includeUsage: stream && includeUsage,
  });
}

function readOptions(
  fields: Fields,
  problems: Problems,
): Pick<CanonicalRequest, 'options' | 'names'> {
  const names: Partial<Record<OptionName, string>> = {};
  const named = <T>(
    option: OptionName,
    name: string,
    value: T | undefined,
  ): T | undefined => {
    if (value !== undefined) names[option] = name;
    return value;
  };
  const maxTokens = { whole: true, min: 1 };
  const penalty = { min: -2, max: 2 };
  const effort = fields.word('reasoning_effort', ['none', ...EFFORTS]);
  const safetyIdentifier = fields.optionalString('safety_identifier');
  const user = fields.optionalString('user');

  const options: Partial<Record<OptionName, unknown>> & RequestOptions = {
    toolChoice: named(
      'toolChoice',
      'tool_choice',
      readToolChoice(fields, problems),
    ),
    parallelToolCalls: named(
      'parallelToolCalls',
      'parallel_tool_calls',
      fields.boolean('parallel_tool_calls'),
    ),
    maxOutputTokens:
      named(
        'maxOutputTokens',
        'max_completion_tokens',
        fields.number('max_completion_tokens', maxTokens),
      ) ??
      named(
        'maxOutputTokens',
        'max_tokens',
        fields.number('max_tokens', maxTokens),
      ),
    temperature: named(
      'temperature',
      'temperature',
      fields.number('temperature', { min: 0, max: 2 }),
    ),
    topP: named('topP', 'top_p', fields.number('top_p', { min: 0, max: 1 })),
    topK: named('topK', 'top_k', readTopK(fields)),
    stopSequences: named('stopSequences', 'stop', readStop(fields)),
    seed: named('seed', 'seed', fields.number('seed', { whole: true })),
    frequencyPenalty: named(
      'frequencyPenalty',
      'frequency_penalty',
      fields.number('frequency_penalty', penalty),
    ),
    presencePenalty: named(
      'presencePenalty',
      'presence_penalty',
      fields.number('presence_penalty', penalty),
    ),
    choices: named(
      'choices',
      'n',
      fields.number('n', { whole: true, min: 1, max: MAX_CHOICES }),
    ),
    logprobs: named('logprobs', 'logprobs', readLogprobs(fields, problems)),
    responseFormat: named(
      'responseFormat',
      'response_format',
      readResponseFormat(fields),
    ),
    thinking: named(
      'thinking',
      'reasoning_effort',
      effort && ({ type: effort === 'none' ? 'off' : 'adaptive' } as const),
    ),
    effort: named(
      'effort',
      'reasoning_effort',
      effort === 'none' ? undefined : effort,
    ),
    user: safetyIdentifier
      ? named('user', 'safety_identifier', safetyIdentifier)
      : named('user', 'user', user),
    metadata: named('metadata', 'metadata', readMetadata(fields)),
    serviceTier: named('serviceTier', 'service_tier', readServiceTier(fields)),
  };
  return { options: withoutUndefined(options), names };
}

/** An option that was not given is no member, so that two requests that ask the same are the same. */
function withoutUndefined(options: RequestOptions): RequestOptions {
  return Object.fromEntries(
    Object.entries(options).filter(([, value]) => value !== undefined),
  );
}

/** vLLM writes 'no limit' as -1 or 0. */
function readTopK(fields: Fields): number | undefined {
  const topK = fields.number('top_k', { whole: true, min: -1 });
  return topK !== undefined && topK > 0 ? topK : undefined;
}

function readStop(fields: Fields): readonly string[] | undefined {
  const stop = fields.raw('stop');
  if (typeof stop === 'string') return [stop];
  const sequences = fields.strings('stop');
  return sequences?.length ? sequences : undefined;
}

function readLogprobs(
  fields: Fields,
  problems: Problems,
): { top: number } | undefined {
  const top = fields.number('top_logprobs', {
    whole: true,
    min: 0,
    max: MAX_TOP_LOGPROBS,
  });
  if (fields.boolean('logprobs')) return { top: top ?? 0 };
  if (top) problems.invalid('top_logprobs', "needs 'logprobs' to be true");
  return undefined;
}

function readResponseFormat(fields: Fields): ResponseFormat | undefined {
  const format = fields.object('response_format');
  if (!format) return undefined;
  const type = format.word('type', ['text', 'json_object', 'json_schema']);
  if (type === undefined) {
    format.string('type');
    return undefined;
  }
  if (type !== 'json_schema') {
    format.refuseRest();
    return { type: type === 'text' ? 'text' : 'jsonObject' };
  }
  if (!format.has('json_schema')) format.string('json_schema');
  const inner = format.object('json_schema');
  const name = inner?.optionalString('name');
  const description = inner?.optionalString('description');
  const strict = inner?.boolean('strict');
  const schema = inner?.json('schema') ?? {};
  inner?.refuseRest();
  format.refuseRest();
  return {
    type: 'jsonSchema',
    schema,
    ...(name !== undefined && { name }),
    ...(description !== undefined && { description }),
    ...(strict !== undefined && { strict }),
  };
}

function readMetadata(
  fields: Fields,
): Readonly<Record<string, string>> | undefined {
  const metadata = fields.object('metadata');
  const given = fields.json('metadata');
  if (!metadata || !given) return undefined;
  return Object.fromEntries(
    Object.keys(given).map(name => [name, metadata.string(name)]),
  );
}

function readServiceTier(fields: Fields): RequestOptions['serviceTier'] {
  const tier = fields.word('service_tier', [
    'auto',
    'default',
    'flex',
    'scale',
    'priority',
    'fast',
  ]);
  return tier === 'default' ? 'standard' : tier;
}

/** Members that OpenAI knows and nobody else does; their defaults are no request for anything. */
function refuseUntranslatable(fields: Fields, problems: Problems): void {
  const bias = fields.json('logit_bias');
  if (bias && Object.keys(bias).length > 0) {
    problems.unsupported(
      'logit_bias',
      "is about another provider's tokens, and cannot be translated",
    );
  }
  const modalities = fields.strings('modalities');
  if (modalities?.some(modality => modality !== 'text')) {
    problems.unsupported('modalities', NO_AUDIO);
  }
  const verbosity = fields.word('verbosity', ['low', 'medium', 'high']);
  if (verbosity && verbosity !== 'medium') {
    problems.unsupported(
      'verbosity',
      'is not known to the provider of this model',
    );
  }
  fields.refuse('audio', NO_AUDIO);
  fields.refuse('functions', DEPRECATED);
  fields.refuse('function_call', DEPRECATED);
  fields.refuse('moderation', 'is only done by OpenAI');
  fields.refuse('web_search_options', 'is only done by OpenAI');
}
