import fc from 'fast-check';
import type { JsonObject } from '../canonical/json';
import type {
  AssistantPart,
  CanonicalMessage,
  CanonicalRequest,
  RequestOptions,
  ToolDefinition,
} from '../canonical/request';

/** Where a generated thing is written: it does not matter, and is taken out before requests are compared. */
const at = '';

const words = fc.string({ minLength: 1, maxLength: 40, unit: 'grapheme' });
const name = fc.stringMatching(/^[a-zA-Z][a-zA-Z0-9_-]{0,20}$/);
const base64 = fc.base64String({ minLength: 4, maxLength: 40 });
const jsonArguments = fc
  .dictionary(name, fc.jsonValue({ maxDepth: 2 }), { maxKeys: 3 })
  .map(value => JSON.stringify(value))
  // What is not the same after it was parsed and written, such as -0, is no concern of a dialect.
  .map(text => JSON.stringify(JSON.parse(text)));
const schema = fc.constantFrom<JsonObject[]>(
  { type: 'object', properties: {} },
  {
    type: 'object',
    properties: { city: { type: 'string' }, days: { type: 'integer' } },
    required: ['city'],
    additionalProperties: false,
  },
);

/** Members that are there or not, and never `undefined`. */
const asMayBe: { requiredKeys: [] } = { requiredKeys: [] };

/** What the dialects differ in, of what their requests can hold. */
interface DialectLimits {
  readonly anthropic: boolean;
}

function cacheMarkers({ anthropic }: DialectLimits) {
  return anthropic
    ? fc.record(
        {
          cacheMarker: fc.record(
            {
              lifetime: fc.constantFrom('5m', '1h'),
            },
            asMayBe,
          ),
        },
        asMayBe,
      )
    : fc.constant({});
}

function texts(limits: DialectLimits) {
  return fc
    .tuple(words, cacheMarkers(limits))
    .map(([text, marker]) => ({ type: 'text' as const, at, text, ...marker }));
}

function images(limits: DialectLimits) {
  const source = fc.oneof(
    fc.record({
      kind: fc.constant('url' as const),
      url: fc.constant('https://images.example.com/a.png'),
    }),
    fc.record({
      kind: fc.constant('base64' as const),
      mediaType: fc.constantFrom('image/png', 'image/jpeg', 'image/webp'),
      data: base64,
    }),
  );
  const detail = limits.anthropic
    ? fc.constant({})
    : fc.record({ detail: fc.constantFrom('low', 'high') }, asMayBe);
  return fc
    .tuple(source, cacheMarkers(limits), detail)
    .map(([from, marker, details]) => ({
      type: 'image' as const,
      at,
      source: from,
      ...marker,
      ...details,
    }));
}

function userMessages(limits: DialectLimits): fc.Arbitrary<CanonicalMessage> {
  const document = fc.tuple(base64, name).map(([data, title]) => ({
    type: 'document' as const,
    at,
    mediaType: 'application/pdf' as const,
    data,
    name: title,
  }));
  return fc
    .array(fc.oneof(texts(limits), images(limits), document), {
      minLength: 1,
      maxLength: 3,
    })
    .map(parts => ({ role: 'user', at, parts }));
}

/** A turn of the assistant with calls, and the turn that answers all of them. */
function toolTurns(
  limits: DialectLimits,
): fc.Arbitrary<readonly CanonicalMessage[]> {
  const call = fc.record({ name, arguments: jsonArguments, result: words });
  return fc
    .tuple(
      assistantParts(limits),
      fc.array(call, { minLength: 1, maxLength: 3 }),
      fc.boolean(),
      images(limits),
    )
    .map(([said, calls, failed, image]) => [
      {
        role: 'assistant',
        at,
        parts: [
          ...said,
          ...calls.map((one, index) => ({
            type: 'toolCall' as const,
            at,
            id: `call_${index}`,
            name: one.name,
            arguments: one.arguments,
          })),
        ],
      },
      {
        role: 'tool',
        at,
        results: calls.map((one, index) => ({
          at,
          callId: `call_${index}`,
          failed: limits.anthropic && failed,
          parts: [
            { type: 'text' as const, at, text: one.result },
            ...(limits.anthropic ? [image] : []),
          ],
        })),
      },
    ]);
}

function assistantParts(
  limits: DialectLimits,
): fc.Arbitrary<readonly AssistantPart[]> {
  if (!limits.anthropic) {
    const refusal = words.map(text => ({
      type: 'refusal' as const,
      at,
      text,
    }));
    return fc
      .tuple(
        fc.option(words, { nil: undefined }),
        fc.array(fc.oneof(texts(limits), refusal), {
          minLength: 1,
          maxLength: 2,
        }),
      )
      .map(([thought, said]) => [
        ...(thought === undefined
          ? []
          : [{ type: 'thinking' as const, at, text: thought }]),
        ...said,
      ]);
  }
  const thinking = fc.oneof(
    fc.record({
      type: fc.constant('thinking' as const),
      at: fc.constant(at),
      text: words,
      signature: base64,
    }),
    fc.record({
      type: fc.constant('redactedThinking' as const),
      at: fc.constant(at),
      data: base64,
    }),
  );
  return fc
    .tuple(
      fc.array(thinking, { maxLength: 2 }),
      fc.array(texts(limits), { minLength: 1, maxLength: 2 }),
    )
    .map(([thoughts, said]) => [...thoughts, ...said]);
}

function conversations(
  limits: DialectLimits,
): fc.Arbitrary<readonly CanonicalMessage[]> {
  const system = (author: 'system' | 'developer') =>
    fc
      .array(texts(limits), { minLength: 1, maxLength: 2 })
      .map((parts): readonly CanonicalMessage[] => [
        { role: 'system', author, at, parts },
      ]);
  const answer = fc
    .tuple(userMessages(limits), assistantParts(limits))
    .map(([user, parts]): readonly CanonicalMessage[] => [
      user,
      { role: 'assistant', at, parts },
    ]);
  const calls = fc
    .tuple(userMessages(limits), toolTurns(limits))
    .map(([user, turns]): readonly CanonicalMessage[] => [user, ...turns]);
  const instruct = fc
    .tuple(
      userMessages(limits),
      system(limits.anthropic ? 'system' : 'developer'),
    )
    .map(([user, turns]): readonly CanonicalMessage[] => [user, ...turns]);
  return fc
    .tuple(
      fc.option(system('system'), { nil: [] }),
      fc.array(fc.oneof(answer, calls, instruct), { maxLength: 3 }),
      userMessages(limits),
    )
    .map(([first, turns, last]) => [...first, ...turns.flat(), last]);
}

function tools(limits: DialectLimits): fc.Arbitrary<readonly ToolDefinition[]> {
  const tool = fc
    .tuple(
      name,
      schema,
      fc.record(
        {
          description: words,
          strict: fc.boolean(),
        },
        asMayBe,
      ),
      cacheMarkers(limits),
    )
    .map(([called, parameters, more, marker]) => ({
      at,
      name: called,
      parameters,
      ...more,
      ...marker,
    }));
  return fc.array(tool, { minLength: 1, maxLength: 3 });
}

const positive = fc.integer({ min: 1, max: 100_000 });
const unit = fc.integer({ min: 0, max: 100 }).map(value => value / 100);
const stopSequences = fc.array(name, { minLength: 1, maxLength: 4 });
const efforts = fc.constantFrom('low', 'medium', 'high', 'xhigh', 'max');

/** Options that both dialects have a word for. */
const sharedOptions = {
  maxOutputTokens: positive,
  temperature: unit,
  topP: unit,
  topK: positive,
  stopSequences,
  user: name,
  serviceTier: fc.constantFrom('auto', 'standard'),
} as const;

const toolChoices = fc.oneof(
  fc.constantFrom(
    { type: 'auto' as const },
    { type: 'none' as const },
    { type: 'required' as const },
  ),
  name.map(called => ({ type: 'named' as const, name: called })),
);

const openAiOptions: fc.Arbitrary<RequestOptions> = fc
  .tuple(
    fc.record(
      {
        ...sharedOptions,
        toolChoice: toolChoices,
        parallelToolCalls: fc.boolean(),
        seed: fc.integer(),
        frequencyPenalty: unit,
        presencePenalty: unit,
        choices: fc.integer({ min: 1, max: 8 }),
        logprobs: fc.record({ top: fc.integer({ min: 0, max: 20 }) }),
        responseFormat: fc.oneof(
          fc.constantFrom(
            { type: 'text' as const },
            { type: 'jsonObject' as const },
          ),
          fc
            .tuple(
              schema,
              name,
              fc.record(
                {
                  description: words,
                  strict: fc.boolean(),
                },
                asMayBe,
              ),
            )
            .map(([form, called, more]) => ({
              type: 'jsonSchema' as const,
              schema: form,
              name: called,
              ...more,
            })),
        ),
        metadata: fc.dictionary(name, words, { maxKeys: 2, minKeys: 1 }),
      },
      asMayBe,
    ),
    fc.option(fc.oneof(efforts, fc.constantFrom('minimal', 'none')), {
      nil: undefined,
    }),
  )
  .map(([options, effort]) => {
    if (effort === undefined) return options;
    return effort === 'none'
      ? { ...options, thinking: { type: 'off' } }
      : { ...options, thinking: { type: 'adaptive' }, effort };
  });

const anthropicOptions: fc.Arbitrary<RequestOptions> = fc
  .tuple(
    fc.record(
      {
        ...sharedOptions,
        responseFormat: schema.map(form => ({
          type: 'jsonSchema' as const,
          schema: form,
          strict: true,
        })),
        thinking: fc.oneof(
          fc.constant({ type: 'off' as const }),
          fc
            .record(
              {
                display: fc.constantFrom('summarized', 'omitted'),
              },
              asMayBe,
            )
            .map(display => ({ type: 'adaptive' as const, ...display })),
          fc
            .integer({ min: 1_024, max: 60_000 })
            .map(tokens => ({ type: 'budget' as const, tokens })),
        ),
        effort: efforts,
        cacheMarker: fc.constant({}),
      },
      asMayBe,
    ),
    fc.option(fc.tuple(toolChoices, fc.option(fc.boolean())), {
      nil: undefined,
    }),
    positive,
  )
  .map(([options, choice, maxOutputTokens]) => ({
    ...options,
    maxOutputTokens,
    ...(choice && { toolChoice: choice[0] }),
    ...(choice &&
      choice[0].type !== 'none' &&
      choice[1] !== null && { parallelToolCalls: choice[1] }),
  }));

function requests(
  limits: DialectLimits,
  options: fc.Arbitrary<RequestOptions>,
): fc.Arbitrary<CanonicalRequest> {
  return fc
    .tuple(conversations(limits), tools(limits), options, fc.boolean())
    .map(([messages, defined, chosen, stream]) => ({
      model: 'a-model',
      messages,
      continuesLastMessage: false,
      tools: defined,
      options: chosen,
      names: {},
      stream,
      includeUsage: stream,
    }));
}

/** Requests that OpenAI's dialect can say whole, with what those beyond OpenAI add to it. */
export const openAiRequests = requests({ anthropic: false }, openAiOptions);

/** Requests that Anthropic's dialect can say whole. */
export const anthropicRequests = requests(
  { anthropic: true },
  anthropicOptions,
);

/** A request without where and by which names it was written, to compare what it asks. */
export function withoutNames(request: CanonicalRequest): unknown {
  return JSON.parse(
    JSON.stringify({ ...request, names: {} }, (key, value: unknown) =>
      key === 'at' ? undefined : value,
    ),
  );
}
