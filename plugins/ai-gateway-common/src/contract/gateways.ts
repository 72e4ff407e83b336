import { z } from 'zod';
import { defineEndpoint } from './endpoint';
import { timestampSchema, uuidSchema } from './fields';

/** A gateway process and the configuration that it runs. @public */
export const gatewaySchema = z
  .object({
    id: uuidSchema,
    hostname: z.string(),
    version: z.string(),
    startedAt: timestampSchema,
    lastSeenAt: timestampSchema,
    /** Silent for more than fifteen seconds counts as gone. */
    state: z.enum(['ready', 'draining', 'gone']),
    appliedRevision: z.number().int(),
    appliedAt: timestampSchema.nullable(),
    /** The revision up to which it knows keys and revocations, which it may be ahead in; `null` when it does not say. */
    keysRevision: z.number().int().nullable(),
    keysAppliedAt: timestampSchema.nullable(),
    /** Why it refused the newest configuration; `null` when it did not. */
    configurationError: z.string().nullable(),
  })
  .meta({ id: 'Gateway' });

/** {@inheritDoc gatewaySchema} @public */
export type Gateway = z.infer<typeof gatewaySchema>;

/** Routes of gateways. @public */
export const gatewayEndpoints = {
  listGateways: defineEndpoint({
    operationId: 'listGateways',
    method: 'get',
    path: '/gateways',
    tag: 'Gateways',
    summary:
      'List the gateways seen in the last day, and what each has applied',
    status: 200,
    response: z.object({
      /** The newest configuration there is. */
      currentRevision: z.number().int(),
      items: z.array(gatewaySchema),
    }),
  }),
};
