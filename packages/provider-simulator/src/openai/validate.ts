import { z } from 'zod';
import { invalidRequest, type OpenAiError } from './errors';
import { errorOfIssue } from './issues';

const contentPart = z.looseObject({
  type: z.string(),
  text: z.string().optional(),
  image_url: z
    .looseObject({
      url: z.string(),
      detail: z.enum(['auto', 'low', 'high']).optional(),
    })
    .optional(),
});

const content = z.union([z.string(), z.array(contentPart)], {
  error: 'expected a string or an array of content parts',
});

const toolCall = z.looseObject({
  function: z
    .looseObject({ name: z.string(), arguments: z.string() })
    .optional(),
});

const message = z.looseObject({
  role: z.enum([
    'developer',
    'system',
    'user',
    'assistant',
    'tool',
    'function',
  ]),
  content: content.nullish(),
  name: z.string().optional(),
  tool_call_id: z.string().optional(),
  tool_calls: z.array(toolCall).optional(),
});

const tool = z.looseObject({
  type: z.literal('function'),
  function: z.looseObject({
    name: z.string().min(1).max(64),
    description: z.string().optional(),
    parameters: z.unknown().optional(),
  }),
});

const toolChoice = z.union(
  [
    z.enum(['none', 'auto', 'required']),
    z.looseObject({
      type: z.literal('function'),
      function: z.looseObject({ name: z.string() }),
    }),
  ],
  {
    error:
      "expected 'none', 'auto', 'required' or an object that names a function",
  },
);

const responseFormat = z.discriminatedUnion(
  'type',
  [
    z.looseObject({ type: z.literal('text') }),
    z.looseObject({ type: z.literal('json_object') }),
    z.looseObject({
      type: z.literal('json_schema'),
      json_schema: z.looseObject({ schema: z.unknown().optional() }),
    }),
  ],
  { error: "expected 'text', 'json_object' or 'json_schema'" },
);

const chatRequest = z.looseObject({
  model: z.string().min(1),
  messages: z.array(message).min(1),
  stream: z.boolean().nullish(),
  stream_options: z
    .looseObject({ include_usage: z.boolean().optional() })
    .nullish(),
  max_tokens: z.int().min(1).nullish(),
  max_completion_tokens: z.int().min(1).nullish(),
  n: z.int().min(1).max(128).nullish(),
  seed: z.int().nullish(),
  stop: z
    .union([z.string(), z.array(z.string()).max(4)], {
      error: 'expected a string or an array of at most 4 strings',
    })
    .nullish(),
  temperature: z.number().min(0).max(2).nullish(),
  top_p: z.number().min(0).max(1).nullish(),
  tools: z.array(tool).min(1).nullish(),
  tool_choice: toolChoice.nullish(),
  parallel_tool_calls: z.boolean().nullish(),
  logprobs: z.boolean().nullish(),
  top_logprobs: z.int().min(0).max(20).nullish(),
  response_format: responseFormat.nullish(),
});

/** A chat completion request of which every field we use has its type. Fields we do not use are let through. */
export type ChatRequest = z.infer<typeof chatRequest>;
export type ChatMessage = ChatRequest['messages'][number];
export type ChatTool = NonNullable<ChatRequest['tools']>[number];

export type ChatRequestParse =
  | { readonly ok: true; readonly request: ChatRequest }
  | { readonly ok: false; readonly error: OpenAiError };

/** Validates a body as OpenAI does: the first problem, told with the parameter it is in. */
export function parseChatRequest(body: unknown): ChatRequestParse {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    return refuse('The body of the request must be a JSON object.');
  }
  const parsed = chatRequest.safeParse(body);
  if (!parsed.success)
    return { ok: false, error: errorOfIssue(parsed.error.issues[0]) };

  const request = parsed.data;
  // An assistant's message may hold only tool calls; any other says something.
  const empty = request.messages.findIndex(
    ({ role, content: said }) => role !== 'assistant' && !isSet(said),
  );
  if (empty >= 0) {
    const param = `messages[${empty}].content`;
    return {
      ok: false,
      error: invalidRequest(`Missing required parameter: '${param}'.`, {
        param,
        code: 'missing_required_parameter',
      }),
    };
  }
  if (isSet(request.max_tokens) && isSet(request.max_completion_tokens)) {
    return refuse(
      "Setting 'max_tokens' and 'max_completion_tokens' at the same time is not supported.",
      'max_tokens',
    );
  }
  if (isSet(request.stream_options) && !request.stream) {
    return refuse(
      "The 'stream_options' parameter is only allowed when 'stream' is enabled.",
      'stream_options',
    );
  }
  if (isSet(request.top_logprobs) && !request.logprobs) {
    return refuse(
      "The 'top_logprobs' parameter is only allowed when 'logprobs' is enabled.",
      'top_logprobs',
    );
  }
  const choice = request.tool_choice;
  if (isSet(choice) && choice !== 'none' && !request.tools) {
    return refuse(
      "'tool_choice' is only allowed when 'tools' are specified.",
      'tool_choice',
    );
  }
  if (typeof choice === 'object' && choice !== null) {
    const { name } = choice.function;
    if (!request.tools?.some(candidate => candidate.function.name === name)) {
      return refuse(
        `Tool choice '${name}' not found in 'tools'.`,
        'tool_choice',
      );
    }
  }
  return { ok: true, request };
}

function refuse(text: string, param: string | null = null): ChatRequestParse {
  return { ok: false, error: invalidRequest(text, { param }) };
}

function isSet<T>(value: T | null | undefined): value is T {
  return value !== null && value !== undefined;
}
