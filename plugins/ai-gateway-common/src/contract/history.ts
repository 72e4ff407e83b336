import { z } from 'zod';
import { timestampSchema } from './fields';

/** One change of something: who made it, when, and what changed. @public */
export const changeSchema = z
  .object({
    at: timestampSchema,
    by: z.string(),
    /** Such as `limit.update`. */
    action: z.string(),
    /** The fields that changed, as they were; `null` when it came into being. */
    before: z.record(z.string(), z.unknown()).nullable(),
    /** The fields that changed, as they became; `null` when it ceased. */
    after: z.record(z.string(), z.unknown()).nullable(),
  })
  .meta({ id: 'Change' });

/** {@inheritDoc changeSchema} @public */
export type Change = z.infer<typeof changeSchema>;
