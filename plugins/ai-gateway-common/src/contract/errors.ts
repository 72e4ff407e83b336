import { z } from 'zod';

/** A problem with one field of a request. @public */
export const fieldProblemSchema = z.object({
  /** Where, as a path with dots: `amounts.input`. */
  path: z.string(),
  message: z.string(),
});

/** {@inheritDoc fieldProblemSchema} @public */
export type FieldProblem = z.infer<typeof fieldProblemSchema>;

/**
 * How every refusal of the control plane looks: Backstage's own error body, and the fields at fault when there are any.
 *
 * @public
 */
export const apiErrorSchema = z
  .object({
    error: z.object({
      name: z.string().meta({ example: 'InputError' }),
      message: z.string(),
      fields: z.array(fieldProblemSchema).optional(),
    }),
    response: z.object({ statusCode: z.number().int() }),
  })
  .meta({ id: 'Error' });
