import type {
  CanonicalRequest,
  OptionName,
  RequestOptions,
  ResponseFormat,
  ThinkingMode,
} from '../canonical/request';
import { IGNORED_MEMBERS } from '../ignored';
import { Fields } from '../reading/Fields';
import { Problems, type Translated } from '../refusal';
import { readCacheMarker } from './readBlocks';
import { readMessages, readSystem } from './readMessages';
import { readToolChoice, readTools } from './readTools';

const MIN_THINKING_BUDGET = 1_024;

/**
 * Reads the body of `POST /v1/messages`, parsed. A request whose client and provider both speak Anthropic's dialect is passed through and
 * never comes here.
 */
export function readRequest(body: unknown): Translated<CanonicalRequest> {
  return readBody(body, { mustLimit: true });
}

/** Reads the body of `POST /v1/messages/count_tokens`: the same, without the need of a `max_tokens`. */
export function readCountTokensRequest(
  body: unknown,
): Translated<CanonicalRequest> {
  return readBody(body, { mustLimit: false });
}

function readBody(
  body: unknown,
  { mustLimit }: { readonly mustLimit: boolean },
): Translated<CanonicalRequest> {
  const problems = new Problems();
  const fields = Fields.of(body, '', problems);
  const model = fields.string('model');
  const system = readSystem(fields, problems);
  const { messages, endsWithAssistant } = readMessages(fields, problems);
  const tools = readTools(fields, problems);
  const { options, names } = readOptions(fields, problems);
  const stream = fields.boolean('stream') ?? false;
  if (mustLimit && !fields.has('max_tokens')) {
    problems.add({ code: 'missing_parameter', param: 'max_tokens' });
  }
  fields.refuse('inference_geo', 'can only be promised by Anthropic');
  fields.refuse('container', 'is a container of Anthropic');
  fields.ignore(Object.keys(IGNORED_MEMBERS.anthropicMessages.request));
  fields.refuseRest();
  return problems.result({
    model,
    messages: [...system, ...messages],
    continuesLastMessage: endsWithAssistant,
    tools,
    options,
    names,
    stream,
    includeUsage: stream,
  });
}

function readOptions(
  fields: Fields,
  problems: Problems,
): Pick<CanonicalRequest, 'options' | 'names'> {
  const stopSequences = fields.strings('stop_sequences');
  const output = fields.object('output_config');
  const metadata = fields.object('metadata');
  const tier = fields.word('service_tier', ['auto', 'standard_only']);
  const { toolChoice, parallelToolCalls } = readToolChoice(fields);
  const unit = { min: 0, max: 1 };
  /** Each option, and what the client calls it. */
  const read: readonly (readonly [OptionName, string, unknown])[] = [
    ['toolChoice', 'tool_choice', toolChoice],
    [
      'parallelToolCalls',
      'tool_choice.disable_parallel_tool_use',
      parallelToolCalls,
    ],
    [
      'maxOutputTokens',
      'max_tokens',
      fields.number('max_tokens', { whole: true, min: 1 }),
    ],
    ['temperature', 'temperature', fields.number('temperature', unit)],
    ['topP', 'top_p', fields.number('top_p', unit)],
    ['topK', 'top_k', fields.number('top_k', { whole: true, min: 1 })],
    [
      'stopSequences',
      'stop_sequences',
      stopSequences?.length ? stopSequences : undefined,
    ],
    ['responseFormat', 'output_config.format', readFormat(output, problems)],
    ['thinking', 'thinking', readThinking(fields, problems)],
    [
      'effort',
      'output_config.effort',
      output?.word('effort', ['low', 'medium', 'high', 'xhigh', 'max']),
    ],
    ['user', 'metadata.user_id', metadata?.optionalString('user_id')],
    [
      'serviceTier',
      'service_tier',
      tier === 'standard_only' ? 'standard' : tier,
    ],
    ['cacheMarker', 'cache_control', readCacheMarker(fields)],
  ];
  output?.refuseRest();
  metadata?.refuseRest();
  const given = read.filter(([, , value]) => value !== undefined);
  const options: RequestOptions = Object.fromEntries(
    given.map(([option, , value]) => [option, value]),
  );
  return {
    options,
    names: Object.fromEntries(given.map(([option, name]) => [option, name])),
  };
}

function readFormat(
  output: Fields | undefined,
  problems: Problems,
): ResponseFormat | undefined {
  const format = output?.object('format');
  if (!format) return undefined;
  if (format.string('type') !== 'json_schema') {
    problems.invalid(format.path('type'), "must be 'json_schema'");
  }
  const schema = format.json('schema');
  if (!schema) {
    problems.add({ code: 'missing_parameter', param: format.path('schema') });
  }
  format.refuseRest();
  return { type: 'jsonSchema', schema: schema ?? {}, strict: true };
}

function readThinking(
  fields: Fields,
  problems: Problems,
): ThinkingMode | undefined {
  const thinking = fields.object('thinking');
  if (!thinking) return undefined;
  const type = thinking.string('type');
  switch (type) {
    case 'disabled':
      thinking.refuseRest();
      return { type: 'off' };
    case 'adaptive':
    case 'enabled': {
      const display = thinking.word('display', ['summarized', 'omitted']);
      const shown = display ? { display } : {};
      if (type === 'adaptive') {
        thinking.refuseRest();
        return { type: 'adaptive', ...shown };
      }
      const tokens = thinking.number('budget_tokens', {
        whole: true,
        min: MIN_THINKING_BUDGET,
      });
      if (tokens === undefined) {
        problems.add({
          code: 'missing_parameter',
          param: thinking.path('budget_tokens'),
        });
      }
      thinking.refuseRest();
      return { type: 'budget', tokens: tokens ?? 0, ...shown };
    }
    default:
      problems.unsupported(
        thinking.path('type'),
        'can only be adaptive, enabled or disabled for the provider of this model',
      );
      return undefined;
  }
}
