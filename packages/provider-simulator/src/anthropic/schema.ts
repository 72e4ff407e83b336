import { z } from 'zod';

/** What the message of an unknown tag lists. */
const tags = (...known: readonly string[]) => ({
  error: known.map(tag => `'${tag}'`).join(', '),
});

const cacheControl = z
  .looseObject({
    type: z.literal('ephemeral'),
    ttl: z.enum(['5m', '1h']).optional(),
  })
  .nullish();

const textBlock = z.looseObject({
  type: z.literal('text'),
  text: z.string(),
  citations: z.array(z.unknown()).nullish(),
  cache_control: cacheControl,
});

const imageBlock = z.looseObject({
  type: z.literal('image'),
  source: z.discriminatedUnion(
    'type',
    [
      z.looseObject({
        type: z.literal('base64'),
        media_type: z.enum([
          'image/jpeg',
          'image/png',
          'image/gif',
          'image/webp',
        ]),
        data: z.string(),
      }),
      z.looseObject({ type: z.literal('url'), url: z.string() }),
      z.looseObject({ type: z.literal('file'), file_id: z.string() }),
    ],
    tags('base64', 'file', 'url'),
  ),
  cache_control: cacheControl,
});

const documentBlock = z.looseObject({
  type: z.literal('document'),
  source: z.looseObject({ type: z.string(), data: z.string().optional() }),
  title: z.string().nullish(),
  context: z.string().nullish(),
  cache_control: cacheControl,
});

const resultContent = z.union([
  z.string(),
  z.array(
    z.discriminatedUnion(
      'type',
      [textBlock, imageBlock, documentBlock],
      tags('document', 'image', 'text'),
    ),
  ),
]);

const contentBlock = z.discriminatedUnion(
  'type',
  [
    documentBlock,
    imageBlock,
    z.looseObject({
      type: z.literal('redacted_thinking'),
      data: z.string(),
      cache_control: z.undefined().optional(),
    }),
    textBlock,
    z.looseObject({
      type: z.literal('thinking'),
      thinking: z.string(),
      signature: z.string(),
      cache_control: z.undefined().optional(),
    }),
    z.looseObject({
      type: z.literal('tool_result'),
      tool_use_id: z.string(),
      content: resultContent.optional(),
      is_error: z.boolean().optional(),
      cache_control: cacheControl,
    }),
    z.looseObject({
      type: z.literal('tool_use'),
      id: z.string().regex(/^[a-zA-Z0-9_-]+$/),
      name: z.string().min(1).max(200),
      input: z.record(z.string(), z.unknown()),
      cache_control: cacheControl,
    }),
  ],
  tags(
    'document',
    'image',
    'redacted_thinking',
    'text',
    'thinking',
    'tool_result',
    'tool_use',
  ),
);

const message = z.looseObject({
  role: z.string(),
  content: z.union([z.string(), z.array(contentBlock)]),
});

const tool = z.looseObject({
  type: z.literal('custom').nullish(),
  name: z.string().regex(/^[a-zA-Z0-9_-]{1,128}$/),
  description: z.string().optional(),
  input_schema: z.looseObject({ type: z.literal('object') }),
  cache_control: cacheControl,
});

const parallel = { disable_parallel_tool_use: z.boolean().optional() };

const toolChoice = z.discriminatedUnion(
  'type',
  [
    z.looseObject({ type: z.literal('auto'), ...parallel }),
    z.looseObject({ type: z.literal('any'), ...parallel }),
    z.looseObject({ type: z.literal('tool'), name: z.string(), ...parallel }),
    z.looseObject({ type: z.literal('none') }),
  ],
  tags('any', 'auto', 'none', 'tool'),
);

const display = z.enum(['summarized', 'omitted']).nullish();

const thinking = z.discriminatedUnion(
  'type',
  [
    z.looseObject({
      type: z.literal('enabled'),
      budget_tokens: z.int().min(1_024),
      display,
    }),
    z.looseObject({ type: z.literal('adaptive'), display }),
    z.looseObject({ type: z.literal('disabled') }),
  ],
  tags('adaptive', 'disabled', 'enabled'),
);

/** What messages and the count of their tokens have in common. */
const prompt = {
  model: z.string().min(1),
  messages: z.array(message),
  system: z.union([z.string(), z.array(textBlock)]).optional(),
  tools: z.array(tool).optional(),
  tool_choice: toolChoice.optional(),
  thinking: thinking.optional(),
  cache_control: cacheControl,
  output_config: z
    .looseObject({
      effort: z.string().nullish(),
      format: z
        .looseObject({
          type: z.literal('json_schema'),
          schema: z.record(z.string(), z.unknown()),
        })
        .nullish(),
    })
    .optional(),
  context_management: z.unknown().optional(),
  mcp_servers: z.unknown().optional(),
  speed: z.unknown().optional(),
  user_profile_id: z.string().nullish(),
  workspace_id: z.string().nullish(),
};

/** Fields are closed, as Anthropic's are: a field that is not known is refused. */
export const messagesRequest = z.strictObject({
  ...prompt,
  // 0 fills the prompt cache and answers nothing.
  max_tokens: z.int().min(0),
  stream: z.boolean().optional(),
  stop_sequences: z.array(z.string()).optional(),
  temperature: z.number().min(0).max(1).optional(),
  top_p: z.number().min(0).max(1).optional(),
  top_k: z.int().min(0).optional(),
  metadata: z.looseObject({ user_id: z.string().nullish() }).optional(),
  service_tier: z.enum(['auto', 'standard_only']).optional(),
  container: z.unknown().optional(),
  diagnostics: z.unknown().optional(),
  inference_geo: z.string().nullish(),
});

export const countTokensRequest = z.strictObject(prompt);

/** A prompt of which every field we use has its type. */
export type Prompt = z.infer<typeof countTokensRequest>;
export type MessagesRequest = z.infer<typeof messagesRequest>;
export type MessageParam = Prompt['messages'][number];
export type ContentBlock = z.infer<typeof contentBlock>;
export type ToolParam = z.infer<typeof tool>;
export type CacheControl = z.infer<typeof cacheControl>;
