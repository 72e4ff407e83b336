import { z } from 'zod';
import { apiKeyIdSchema } from './apiKeys';
import { defineEndpoint } from './endpoint';
import { timestampSchema, uuidSchema } from './fields';
import { gatewaySchema } from './gateways';

/**
 * The proof of a revocation: which gateways refuse the key, and since when.
 *
 * Gateways that are gone are named and not waited for: one that only lost the database may still serve, and would still accept the key.
 *
 * @public
 */
export const apiKeyRevocationSchema = z
  .object({
    apiKeyId: apiKeyIdSchema,
    revokedAt: timestampSchema,
    revokedBy: z.string(),
    /** The revision of the configuration that says so. */
    revision: z.number().int(),
    /** Of the gateways that serve, how many refuse the key. */
    appliedOn: z.number().int(),
    serving: z.number().int(),
    /**
     * Since when all that serve refuse it, of those that may have accepted it before; `null` while one does not refuse it, when none that
     * serves was there before the revocation, or when that is longer ago than is kept.
     */
    appliedAt: timestampSchema.nullable(),
    /** Such as `Applied on 3 of 3 gateways at 2026-11-25T12:00:01.000Z`. */
    summary: z.string(),
    gateways: z.array(
      z.object({
        id: uuidSchema,
        /** `null` unless the reader may see gateways. */
        hostname: z.string().nullable(),
        state: gatewaySchema.shape.state,
        lastSeenAt: timestampSchema,
        applied: z.boolean(),
        /** Since when it refuses the key; `null` when it does not, did before the time that is kept, or never accepted it. */
        appliedAt: timestampSchema.nullable(),
        /** Whether it started after the revocation, and so never accepted the key. */
        startedSince: z.boolean(),
      }),
    ),
  })
  .meta({ id: 'ApiKeyRevocation' });

/** {@inheritDoc apiKeyRevocationSchema} @public */
export type ApiKeyRevocation = z.infer<typeof apiKeyRevocationSchema>;

/** Routes of revocations. @public */
export const apiKeyRevocationEndpoints = {
  getApiKeyRevocation: defineEndpoint({
    operationId: 'getApiKeyRevocation',
    method: 'get',
    path: '/api-keys/{apiKeyId}/revocation',
    tag: 'API keys',
    summary: 'Which gateways refuse a revoked key, and since when',
    params: z.object({ apiKeyId: apiKeyIdSchema }),
    status: 200,
    response: apiKeyRevocationSchema,
  }),
};
