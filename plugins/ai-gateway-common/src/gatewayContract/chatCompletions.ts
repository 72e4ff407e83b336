import { z } from 'zod';

const usageSchema = z
  .looseObject({
    prompt_tokens: z.number().int(),
    completion_tokens: z.number().int(),
    total_tokens: z.number().int(),
  })
  .meta({ id: 'CompletionUsage' });

/**
 * A chat completion request, as far as the gateway itself reads it. Everything else passes to the provider as it came.
 *
 * For documents; the gateway reads these fields with a scan and does not parse the body whole.
 *
 * @public
 */
export const chatCompletionRequestSchema = z
  .looseObject({
    model: z.string().meta({ description: 'A model of the portal' }),
    messages: z
      .array(z.looseObject({ role: z.string(), content: z.unknown() }))
      .min(1),
    stream: z.boolean().nullable().optional(),
    stream_options: z
      .looseObject({ include_usage: z.boolean().optional() })
      .nullable()
      .optional(),
    max_tokens: z.number().int().min(1).nullable().optional(),
    max_completion_tokens: z.number().int().min(1).nullable().optional(),
  })
  .meta({ id: 'CreateChatCompletionRequest' });

/** A chat completion. @public */
export const chatCompletionSchema = z
  .looseObject({
    id: z.string(),
    object: z.literal('chat.completion'),
    created: z.number().int(),
    model: z.string(),
    choices: z.array(
      z.looseObject({
        index: z.number().int(),
        message: z.looseObject({
          role: z.string(),
          content: z.string().nullable(),
        }),
        finish_reason: z.string().nullable(),
      }),
    ),
    usage: usageSchema.optional(),
  })
  .meta({ id: 'ChatCompletion' });

/** One event of a streamed chat completion. @public */
export const chatCompletionChunkSchema = z
  .looseObject({
    id: z.string(),
    object: z.literal('chat.completion.chunk'),
    created: z.number().int(),
    model: z.string(),
    choices: z.array(
      z.looseObject({
        index: z.number().int(),
        delta: z.looseObject({ content: z.string().nullable().optional() }),
        finish_reason: z.string().nullable().optional(),
      }),
    ),
    usage: usageSchema.nullable().optional(),
  })
  .meta({ id: 'ChatCompletionChunk' });
