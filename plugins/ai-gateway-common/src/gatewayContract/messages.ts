import { z } from 'zod';

const prompt = {
  model: z.string().meta({ description: 'A model of the portal' }),
  messages: z
    .array(z.looseObject({ role: z.string(), content: z.unknown() }))
    .min(1),
  system: z.union([z.string(), z.array(z.unknown())]).optional(),
};

/**
 * A request for a message in Anthropic's dialect, as far as the gateway itself reads it. Everything else passes to Anthropic as it came; for
 * another provider it is translated, or refused by name.
 *
 * @public
 */
export const messageRequestSchema = z
  .looseObject({
    ...prompt,
    max_tokens: z.number().int().min(0),
    stream: z.boolean().optional(),
  })
  .meta({ id: 'CreateMessageRequest' });

/** A message of a model in Anthropic's dialect. @public */
export const messageSchema = z
  .looseObject({
    id: z.string(),
    type: z.literal('message'),
    role: z.literal('assistant'),
    model: z.string(),
    content: z.array(z.looseObject({ type: z.string() })),
    stop_reason: z.string().nullable(),
    usage: z.looseObject({
      input_tokens: z.number().int(),
      output_tokens: z.number().int(),
    }),
  })
  .meta({ id: 'Message' });

/** One event of a streamed message; its `type` is its name as well. @public */
export const messageEventSchema = z
  .looseObject({ type: z.string().meta({ example: 'content_block_delta' }) })
  .meta({ id: 'MessageEvent' });

/** What is to be counted. @public */
export const countTokensRequestSchema = z
  .looseObject(prompt)
  .meta({ id: 'CountTokensRequest' });

/** How many tokens a request gives the model to read. @public */
export const tokenCountSchema = z
  .looseObject({ input_tokens: z.number().int() })
  .meta({ id: 'TokenCount' });
