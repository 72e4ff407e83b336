import { z } from 'zod';

/** A text to be gone on with, as far as the gateway itself reads it. Everything else passes to the provider as it came. @public */
export const completionRequestSchema = z
  .looseObject({
    model: z.string().meta({ description: 'A model of the portal' }),
    prompt: z.union([z.string(), z.array(z.unknown()).min(1)]),
    stream: z.boolean().nullable().optional(),
    max_tokens: z.number().int().min(0).nullable().optional(),
    n: z.number().int().min(1).nullable().optional(),
  })
  .meta({ id: 'CreateCompletionRequest' });

/** A text that was gone on with, or one event of it when it is streamed. @public */
export const completionSchema = z
  .looseObject({
    id: z.string(),
    object: z.literal('text_completion'),
    model: z.string(),
    choices: z.array(
      z.looseObject({ index: z.number().int(), text: z.string() }),
    ),
  })
  .meta({ id: 'Completion' });

/** Texts to be made vectors of. @public */
export const embeddingRequestSchema = z
  .looseObject({
    model: z.string().meta({ description: 'A model of the portal' }),
    input: z.union([z.string(), z.array(z.unknown()).min(1)]),
  })
  .meta({ id: 'CreateEmbeddingRequest' });

/** Vectors of texts. @public */
export const embeddingListSchema = z
  .looseObject({
    object: z.literal('list'),
    model: z.string(),
    data: z.array(
      z.looseObject({
        index: z.number().int(),
        embedding: z.union([z.array(z.number()), z.string()]),
      }),
    ),
  })
  .meta({ id: 'EmbeddingList' });
