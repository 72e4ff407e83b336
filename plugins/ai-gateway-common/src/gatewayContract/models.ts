import { z } from 'zod';

/** A model as OpenAI's API lists it. @public */
export const gatewayModelSchema = z
  .object({
    id: z.string(),
    object: z.literal('model'),
    /** Seconds since the epoch. */
    created: z.number().int(),
    owned_by: z.string(),
  })
  .meta({ id: 'Model' });

/** A list of models as OpenAI's API gives it. @public */
export const gatewayModelListSchema = z
  .object({ object: z.literal('list'), data: z.array(gatewayModelSchema) })
  .meta({ id: 'ModelList' });
